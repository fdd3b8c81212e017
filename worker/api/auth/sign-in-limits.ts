import { appError } from '../../lib/app-error.ts'
import { sha256Hex } from '../../lib/digest.ts'
import type { RateLimitStore } from '../../store/rate-limits.ts'

/** In a quarter of an hour: five wrong passwords for one account, twenty from one address; twenty new accounts from one. */
const windowMs = 15 * 60_000
const perAccount = 5
const perAddress = 20
/** New accounts of everybody whose address is not known: each costs a hash of a tenth of a second. */
const fromNowhere = 100

/** Whom an attempt is counted against. What is not known is not counted. */
export interface Attempt {
  /** The account that is tried: an e-mail address, also where a session's password is asked again; or a person's codes. */
  account: string | undefined
  address: string | undefined
}

/**
 * Counts an attempt before it is made, so that parallel ones cannot share a count. Throws `request.rate_limited` with
 * the seconds to wait. Resolves to what takes it back, for an attempt that turns out to be right.
 */
export async function countAttempt(
  limits: RateLimitStore,
  { account, address }: Attempt,
  now: number,
): Promise<() => Promise<void>> {
  // The address first: one that has no tries left leaves no row for each account that it names.
  const counts: Count[] = []
  if (address !== undefined) counts.push({ of: `address|${address}`, most: perAddress })
  if (account !== undefined) counts.push({ of: `account|${account.trim().toLowerCase()}`, most: perAccount })
  for (const count of counts) await take(limits, count, now)
  return async () => {
    for (const { of } of counts) await limits.giveBack(sha256Hex(of))
  }
}

/**
 * Counts a new account before it is made, by the address it is made from; where none is known all are counted together.
 * Throws `request.rate_limited` with the seconds to wait.
 */
export async function countNewAccount(limits: RateLimitStore, address: string | undefined, now: number): Promise<void> {
  const most = address === undefined ? fromNowhere : perAddress
  await take(limits, { of: `sign-up|${address ?? ''}`, most }, now)
}

interface Count {
  /** What is counted: hashed before it is kept. */
  of: string
  most: number
}

async function take(limits: RateLimitStore, { of, most }: Count, now: number): Promise<void> {
  const { count, startedAt } = await limits.take(sha256Hex(of), windowMs, now)
  if (count <= most) return
  const retryAfter = Math.max(1, Math.ceil((startedAt + windowMs - now) / 1_000))
  throw appError('request.rate_limited', { details: { retryAfter } })
}
