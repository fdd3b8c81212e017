import { errorCatalogue } from '../../contract/facts/error.ts'
import type { HookKey } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { WebhookTrigger } from '../../contract/trigger.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { parseRow } from '../../store/records.ts'
import type { Acceptance, OfferedEvent } from './accept-together.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import type { Taps } from './taps.ts'

/** Gives those who listen what was offered for their hooks: the same event as the live workflow takes, of which it is a copy. */
export function overhear(taps: Taps, events: readonly OfferedEvent[], acceptances: readonly Acceptance[]): void {
  const hooks = taps.hooks(Date.now())
  if (hooks.size === 0) return
  for (const [index, event] of events.entries()) {
    const hookKey = hookOf(event)
    const acceptance = acceptances[index]
    if (!hooks.has(hookKey) || acceptance === undefined || acceptance.kind === 'stale') continue
    const trigger = triggerOf(event)
    if (trigger === undefined) continue
    if (acceptance.kind === 'conflict') {
      const at = new Date(event.at).toISOString()
      taps.refuse(hookKey, { at, method: trigger.method, code: 'hook.conflict', ...errorCatalogue['hook.conflict'] })
    } else {
      const outcome = acceptance.kind === 'accepted' ? 'started' : 'duplicate'
      taps.hear(hookKey, { at: event.at, outcome, trigger })
    }
  }
}

/** The hook at which an event arrived: its key begins with the hook's, and that of no other event does. */
function hookOf({ key }: OfferedEvent): HookKey {
  return key.slice(0, key.indexOf('/')) as HookKey
}

function triggerOf({ kind, pending }: OfferedEvent): WebhookTrigger | undefined {
  const data = kind === 'trigger' ? (JSON.parse(pending) as AcceptedTrigger).data : startData(pending)
  return data as WebhookTrigger | undefined
}

/** What an execution that was over at once began with. */
function startData(record: string): Json | undefined {
  const [, journal] = parseRow(record)
  const [first] = JSON.parse(journal) as JournalEntry[]
  for (const event of first?.events ?? []) if (event.type === 'started') return event.trigger.data
  return undefined
}
