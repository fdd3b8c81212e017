/** What a scheme looks at. */
export interface Delivery {
  headers: Headers
  /** The raw bytes: a body that was parsed and written again has another signature. */
  body: Uint8Array
  /** Current and previous ones, while both count. */
  secrets: readonly string[]
  /** Epoch ms. */
  now: number
}

/** Why a delivery was refused, in a word fit for the sender. Null when it is genuine. */
export type Refusal =
  | 'no_secret'
  /** None of the secrets can work with the scheme: whoever set it up has to set another. */
  | 'unusable_secret'
  | 'missing_signature'
  | 'malformed_signature'
  | 'wrong_signature'
  | 'missing_timestamp'
  | 'timestamp_outside_tolerance'
  | 'wrong_credentials'

/** How far a signed timestamp may be from now, either way. */
export const toleranceMs = 300_000

/** Why a timestamp (text of whole seconds) does not do, or null when it does. */
export function refuseTimestamp(seconds: string | null, now: number): Refusal | null {
  if (seconds === null || !/^\d{1,12}$/.test(seconds)) return 'missing_timestamp'
  return Math.abs(now - Number(seconds) * 1_000) > toleranceMs ? 'timestamp_outside_tolerance' : null
}
