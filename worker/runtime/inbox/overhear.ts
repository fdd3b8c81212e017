import { errorCatalogue } from '../../contract/facts/error.ts'
import type { HookKey } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { EventTrigger, WebhookTrigger } from '../../contract/trigger.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { parseRow } from '../../store/records.ts'
import type { Acceptance, OfferedEvent } from './accept-together.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import { eventKey } from './event-offer.ts'
import type { Arrival, Heard, Taps } from './taps.ts'

/** Gives those who listen what was offered for them: the same event as live workflows take, of which it is a copy. */
export function overhear(taps: Taps, events: readonly OfferedEvent[], acceptances: readonly Acceptance[]): void {
  const { hooks, events: forEvents } = taps.awaited(Date.now())
  for (const [index, event] of events.entries()) {
    const acceptance = acceptances[index]
    if (acceptance === undefined || acceptance.kind === 'stale') continue
    if (event.key.startsWith(eventKey)) {
      const came = forEvents ? eventIn(event) : undefined
      if (came !== undefined) tell(taps, { eventType: came.type }, { event, acceptance, trigger: came })
    } else {
      const hookKey = hookOf(event)
      const came = hooks.has(hookKey) ? requestIn(event) : undefined
      if (came !== undefined) tell(taps, { hookKey }, { event, acceptance, trigger: came })
    }
  }
}

interface Came {
  event: OfferedEvent
  acceptance: Acceptance
  trigger: Heard['trigger']
}

function tell(taps: Taps, arrival: Arrival, { event, acceptance, trigger }: Came): void {
  if (acceptance.kind === 'conflict') {
    const at = new Date(event.at).toISOString()
    const method = 'method' in trigger ? trigger.method : 'POST'
    taps.refuse(arrival, { at, method, code: 'hook.conflict', ...errorCatalogue['hook.conflict'] })
    return
  }
  const taken = 'hookKey' in arrival ? 'started' : 'accepted'
  taps.hear(arrival, { at: event.at, outcome: acceptance.kind === 'accepted' ? taken : 'duplicate', trigger })
}

/** The hook at which an event arrived: its key begins with the hook's, and that of no other event does. */
function hookOf({ key }: OfferedEvent): HookKey {
  return key.slice(0, key.indexOf('/')) as HookKey
}

function requestIn({ kind, pending }: OfferedEvent): WebhookTrigger | undefined {
  const data = kind === 'trigger' ? (JSON.parse(pending) as AcceptedTrigger).data : startData(pending)
  return data as WebhookTrigger | undefined
}

function eventIn({ kind, pending }: OfferedEvent): EventTrigger | undefined {
  if (kind !== 'trigger') return undefined
  const { source, data } = JSON.parse(pending) as AcceptedTrigger
  return source.kind === 'event' ? (data as EventTrigger) : undefined
}

/** What an execution that was over at once began with. */
function startData(record: string): Json | undefined {
  const [, journal] = parseRow(record)
  const [first] = JSON.parse(journal) as JournalEntry[]
  for (const event of first?.events ?? []) if (event.type === 'started') return event.trigger.data
  return undefined
}
