// accept-together
//
// Decides which of the events offered to an inbox are new; remembers the keys of those, and keeps their pending rows.

import type { EventId } from '../../contract/id.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { admit, type Offer } from './admit.ts'
import type { InboxTable, PendingKind, PendingRow } from './inbox-table.ts'
import type { SeenEntry } from './key-table.ts'

export interface OfferedEvent extends Offer {
  /** The routes the offer was made by; absent when it does not depend on routes. */
  epoch?: string
  kind: PendingKind
  /** What is to be done: an `AcceptedTrigger` as JSON, or a record as text. */
  pending: string
  /** JSON text with the ids of its executions: the answer for whoever delivers the same event again. */
  answer: string
  /** The caller itself begins the event's execution: the event is sent to the queue only if no confirmation comes. */
  direct?: boolean
}

export type Acceptance =
  | { kind: 'accepted'; number: number }
  | { kind: 'duplicate'; id: EventId; at: number; answer: string }
  | { kind: 'conflict' }
  | { kind: 'stale'; epoch: string }

/** A row that was not there before. */
export type FreshRow = PendingRow & { isDirect: boolean | undefined }

/** An offer with the number it is given. */
type Entry = SeenEntry & { offer: OfferedEvent }

/**
 * Takes events, each once; `epoch` names the routes in force. One acceptance per event, in their order, and the rows that
 * were kept for those that are new. Throws where one cannot be kept, and then none of them was taken.
 */
export function acceptTogether(
  table: InboxTable,
  events: readonly OfferedEvent[],
  epoch: string,
): { acceptances: Acceptance[]; fresh: FreshRow[] } {
  const entries = events.map((offer) => ({ offer, number: table.nextNumber() }))
  try {
    const acceptances = remember(table, entries, epoch)
    const fresh = entries.filter(({ number }, index) => isFresh(acceptances[index], number)).map(toPending)
    table.keep(fresh)
    return { acceptances, fresh }
  } catch (error) {
    // A key that is remembered without its pending row would be an event lost. (A savepoint would see to that too,
    // and copy every page that is written.)
    table.takeBack(entries)
    throw error
  }
}

/** Which events are new; those are remembered. */
function remember(table: InboxTable, entries: readonly Entry[], epoch: string): Acceptance[] {
  const isStale = ({ offer }: Entry) => offer.epoch !== undefined && offer.epoch !== epoch
  const kept = table.rememberNew(entries.filter((entry) => !isStale(entry)))
  return entries.map((entry) => {
    if (kept.has(entry.number)) return { kind: 'accepted', number: entry.number }
    return isStale(entry) ? { kind: 'stale', epoch } : judge(table, entry)
  })
}

/** The acceptance of an event whose key is known. It may be new all the same, and is remembered then. */
function judge(table: InboxTable, entry: Entry): Acceptance {
  const verdict = admit(entry.offer, table.find(entry.offer))
  switch (verdict.kind) {
    case 'conflict':
      return { kind: 'conflict' }
    case 'duplicate':
      return { kind: 'duplicate', id: verdict.seen.id, at: verdict.seen.at, answer: verdict.seen.answer }
    case 'taken':
      return { kind: 'accepted', number: verdict.seen.number }
    case 'accept':
    case 'replace':
      table.remember(entry)
      return { kind: 'accepted', number: entry.number }
    default:
      return unreachable(verdict)
  }
}

/** True when it was taken under this number: what was taken before has another. */
function isFresh(acceptance: Acceptance | undefined, number: number): boolean {
  return acceptance?.kind === 'accepted' && acceptance.number === number
}

function toPending({ offer: { kind, pending, answer, direct }, number }: Entry) {
  return { number, kind, text: pending, executionIds: answer, isDirect: direct }
}
