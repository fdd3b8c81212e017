import type { Offer, SeenEvent } from './admit.ts'

/** An event to remember, with what its sender is answered and the number of its pending row. */
export interface SeenEntry {
  offer: Offer & { answer: string }
  number: number
}

/** Keys by which a second delivery is told, with the event that came first. */
export interface KeyTable {
  /** Remembers those whose keys are not known within their windows; gives their numbers. Of equal keys the first counts. */
  rememberNew(entries: readonly SeenEntry[]): number[]
  /** The latest event under the key of an offer. */
  find(offer: Offer): SeenEvent | undefined
  /** The key means this event from now on. */
  remember(entry: SeenEntry): void
  /** As if these events had never come. */
  takeBack(entries: readonly SeenEntry[]): void
  /** Forgets what counts no more. `now` is epoch ms. */
  forget(now: number): void
}
