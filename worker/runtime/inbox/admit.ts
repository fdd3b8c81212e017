import type { EventId } from '../../contract/id.ts'

/** Keys are remembered for 7 days: providers redeliver for up to three. */
export const rememberedDays = 7
export const dayMs = 86_400_000
/** For how long the key of an event counts, in ms, unless it is made of the body. */
export const keyWindowMs = rememberedDays * dayMs

export const dayOf = (at: number): number => Math.floor(at / dayMs)

/** What an inbox remembers of an event, whether it is done or not. */
export interface SeenEvent {
  id: EventId
  at: number
  bodyHash: string
  answer: string
  /** Of the pending row that it left. */
  number: number
}

/** An event that wants to be accepted. */
export interface Offer {
  /** What makes two deliveries one event, with the source it came from. */
  key: string
  /** How long the key counts, in ms: 7 days for a sender's own id, a minute for equal bodies. */
  windowMs: number
  bodyHash: string
  id: EventId
  at: number
}

export type Verdict =
  | { kind: 'accept' }
  /** This very offer was taken before, and its answer got lost. */
  | { kind: 'taken'; seen: SeenEvent }
  /** The same event came before: it starts nothing. */
  | { kind: 'duplicate'; seen: SeenEvent }
  /** The sender used its id for another body. */
  | { kind: 'conflict'; seen: SeenEvent }
  /** The key was used before, but too long ago to mean the same event. */
  | { kind: 'replace'; seen: SeenEvent }

/** Whether an event is new. Pure; `seen` is what lies under its key, if anything does. */
export function admit(offer: Offer, seen: SeenEvent | undefined): Verdict {
  if (seen === undefined) return { kind: 'accept' }
  if (offer.id === seen.id) return { kind: 'taken', seen }
  if (offer.at - seen.at > offer.windowMs) return { kind: 'replace', seen }
  return seen.bodyHash === offer.bodyHash ? { kind: 'duplicate', seen } : { kind: 'conflict', seen }
}
