/**
 * How long the other side asks us to wait (`Retry-After` in seconds or as an HTTP date), in ms, or null. A date is
 * measured against the answer's own `Date`, so that a clock that is off does not matter; without one it says nothing.
 */
export function parseRetryAfter(headers: Record<string, string>): number | null {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return null
  if (/^\d+(?:\.\d+)?$/.test(value)) return bounded(Number(value) * 1_000)
  // Without a day name `Date.parse` also takes things like "5 minutes", which mean nothing here.
  const until = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN
  const sentAt = Date.parse(headers['date'] ?? '')
  if (Number.isNaN(until) || Number.isNaN(sentAt)) return null
  return bounded(until - sentAt)
}

/** The engine caps this at one hour; the bound here keeps nonsense out of the journal. */
function bounded(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms), 0), 365 * 86_400_000)
}
