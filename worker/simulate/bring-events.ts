import type { Heard } from '../engine/behaviour.ts'
import { matchesEventType } from '../triggers/event-match.ts'
import type { Playback } from './playback.ts'

/**
 * Brings events to the steps that wait for them: those that came since the step counts them, and those that will come
 * before its time is over. All are taken for events of the execution's own contact.
 */
export function bringEvents(playback: Playback, events: readonly Heard[]): void {
  if (events.length === 0) return
  for (const { path, topic, dueAt } of playback.listening()) {
    for (const event of events) {
      const counts = event.at >= topic.since && event.at <= dueAt && matchesEventType(topic.match, event.type)
      if (counts) playback.bring(path, event)
    }
  }
}

/** An event as a workflow reads it. */
export function toHeard(type: string, at: number, id: string, data: Heard['data']): Heard {
  return { id, type, at, data: { type, data, id, occurredAt: new Date(at).toISOString() } }
}
