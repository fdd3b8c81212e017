import { appError } from '../../lib/app-error.ts'
import { sha256Hex } from '../../lib/digest.ts'
import type { RateLimitStore } from '../../store/rate-limits.ts'

/** Wrong passwords in a quarter of an hour: five for one account, twenty from one address. */
const windowMs = 15 * 60_000
const perAccount = 5
const perAddress = 20

/** Whom an attempt is counted against. What is not known is not counted: a machine of one's own has no address. */
export interface Attempt {
  /** The account that is tried: an e-mail address, also where a session's password is asked again; or a person's codes. */
  account: string | undefined
  address: string | undefined
}

/**
 * Counts an attempt before it is made, so that parallel ones can not share a count. Throws `request.rate_limited` with
 * the seconds to wait. Resolves to what takes it back, for an attempt that turns out to be right.
 */
export async function countAttempt(
  limits: RateLimitStore,
  { account, address }: Attempt,
  now: number,
): Promise<() => Promise<void>> {
  // The address first: one that has no tries left leaves no row for each account that it names.
  const keys: { key: string; max: number }[] = []
  if (address !== undefined) keys.push({ key: sha256Hex(`address|${address}`), max: perAddress })
  if (account !== undefined) {
    keys.push({ key: sha256Hex(`account|${account.trim().toLowerCase()}`), max: perAccount })
  }

  for (const { key, max } of keys) {
    const { count, startedAt } = await limits.take(key, windowMs, now)
    if (count > max) {
      throw appError('request.rate_limited', {
        details: { retryAfter: Math.max(1, Math.ceil((startedAt + windowMs - now) / 1_000)) },
      })
    }
  }
  return async () => {
    for (const { key } of keys) await limits.giveBack(key)
  }
}
