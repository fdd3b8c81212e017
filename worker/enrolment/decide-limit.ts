import type { ContactLimits } from '../contract/contact-limits.ts'

/**
 * Whether one more execution may begin for a contact, by the organization's limits. `starts` are when others began, in
 * epoch ms and any order. Pure.
 */
export function decideLimit(
  { executions }: ContactLimits,
  starts: readonly number[],
  now: number,
): { kind: 'free' } | { kind: 'reached'; retryAt: number } {
  if (executions === null) return { kind: 'free' }
  const { limit, windowMs } = executions
  const counted = starts.filter((at) => at > now - windowMs).toSorted((one, other) => other - one)
  if (counted.length < limit) return { kind: 'free' }
  // The one with whose end of time there is room again.
  return { kind: 'reached', retryAt: counted[limit - 1]! + windowMs }
}
