// attempt timer
//
// When an attempt has taken too long. A process that is too busy to look at its clock is also too busy to read an answer
// that came in time, and must not take its own slowness for the target's: the time by which it looked too late is given to
// the attempt once more, so that answers that lie there already are read first.

/** Nobody is late by less than this on purpose, in ms. */
const punctualMs = 1_000
/** The share of an attempt's time that may be added to it. */
const mostAdded = 0.25

/** Calls `ring` once an attempt that begins now has taken `timeoutMs`. What it gives takes it back. */
export function startAttemptTimer(timeoutMs: number, ring: () => void): () => void {
  const dueAt = Date.now() + timeoutMs
  let timer = setTimeout(() => {
    const lateMs = Date.now() - dueAt
    if (lateMs < punctualMs) ring()
    else timer = setTimeout(ring, Math.min(lateMs, timeoutMs * mostAdded))
  }, timeoutMs)
  return () => clearTimeout(timer)
}
