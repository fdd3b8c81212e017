// check-legal: what no journal may ever hold, whatever the workflow
//
//        ┌──────────────────────────────────────────────► completed │ failed
//   called for ──► running ──► faulted ──► retrying ──┐
//        │            ▲  └──► ambiguous ──┐           │
//        │            └───────────────────┴───────────┘      open ──► cancelled
//        └───────► waiting ──► completed

import { expect } from 'vitest'
import type { ExecutionEvent, JournalEntry } from '../../../worker/engine/event.ts'

type StepPhase =
  | 'called'
  | 'running'
  | 'faulted'
  | 'ambiguous'
  | 'retrying'
  | 'waiting'
  | 'completed'
  | 'failed'
  | 'cancelled'

/** From which phases an event may come, and the phase it leads to. */
const moves: Partial<Record<ExecutionEvent['type'], { from: StepPhase[]; to: StepPhase }>> = {
  attemptStarted: { from: ['called', 'ambiguous', 'retrying'], to: 'running' },
  attemptFailed: { from: ['running'], to: 'faulted' },
  attemptLost: { from: ['running'], to: 'ambiguous' },
  retryScheduled: { from: ['faulted'], to: 'retrying' },
  waitStarted: { from: ['called'], to: 'waiting' },
  stepCompleted: { from: ['called', 'running', 'waiting'], to: 'completed' },
  stepFailed: { from: ['called', 'running', 'faulted', 'ambiguous'], to: 'failed' },
  stepCancelled: { from: ['running', 'retrying', 'waiting'], to: 'cancelled' },
}

/** Asserts that the journal is one that the engine may write. */
export function checkLegal(entries: readonly JournalEntry[]): void {
  const steps = new Map<string, StepPhase>()
  const attempts = new Map<string, number>()
  let phase: 'new' | 'started' | 'finished' = 'new'
  let inFlight = 0
  let last = -Infinity

  for (const [index, entry] of entries.entries()) {
    expect(entry.seq, 'turns are counted from 1').toBe(index + 1)
    expect(entry.at, 'time does not run backwards').toBeGreaterThanOrEqual(last)
    expect(entry.events.length, 'a turn without events is no entry').toBeGreaterThan(0)
    last = entry.at

    for (const event of entry.events) {
      const what = JSON.stringify(event)
      expect(event.at, what).toBe(entry.at)
      expect(phase === 'finished', `${what} after the end`).toBe(event.type === 'redriven')
      switch (event.type) {
        case 'started':
          expect(phase, what).toBe('new')
          phase = 'started'
          steps.set(event.trigger.nodeId, 'called')
          continue
        case 'finished':
          expect([...steps.values()].filter(isOpen), `${what} with steps open`).toEqual([])
          phase = 'finished'
          continue
        case 'redriven':
          phase = 'started'
          for (const path of event.next) {
            expect(['called', 'failed', 'cancelled'], what).toContain(steps.get(path))
            steps.set(path, 'called')
          }
          continue
        case 'cancelRequested':
          continue
        default:
      }
      const move = moves[event.type]!
      const was = steps.get(event.path)
      expect(move.from, `${what} from ${was}`).toContain(was)
      steps.set(event.path, move.to)
      if (was === 'running') inFlight -= 1
      if (event.type === 'attemptStarted') {
        inFlight += 1
        expect(event.attempt, what).toBe((attempts.get(event.path) ?? 0) + 1)
        attempts.set(event.path, event.attempt)
        expect(inFlight, 'at most five calls at a time').toBeLessThanOrEqual(5)
      }
      if ('next' in event) {
        for (const path of event.next) {
          expect(steps.get(path), `${what}: a path is called for once`).toBeUndefined()
          steps.set(path, 'called')
        }
      }
    }
  }
}

function isOpen(phase: StepPhase): boolean {
  return (
    phase === 'running' || phase === 'faulted' || phase === 'ambiguous' || phase === 'retrying' || phase === 'waiting'
  )
}
