import { isOutage } from './is-outage.ts'

/** What is left of an error between requests, which must not share objects: what it says, and whether asking again may help. */
export interface SharedFailure {
  message: string
  retryable: boolean
}

/** What other requests may know of an error. */
export function toSharedFailure(error: unknown): SharedFailure {
  return { message: error instanceof Error ? error.message : String(error), retryable: isOutage(error) }
}

/** An error of the request that throws it; an outage (`isOutage`) where the first one was. */
export function fromSharedFailure({ message, retryable }: SharedFailure): Error {
  return Object.assign(new Error(message), { retryable })
}
