import { pauseBefore, type FullRetryPolicy } from '#contract/effective-retry.ts'

/** A retry policy as what it will do: "After 1 s, 2 s and 4 s, and then it has failed." */
export function retryWords(policy: FullRetryPolicy): string {
  const { maxRetries } = policy
  if (maxRetries === 0) return 'It is not tried again: one failure is final.'
  const pauses = Array.from({ length: maxRetries }, (_, index) => timeWords(pauseBefore(index + 1, policy)))
  const shown = pauses.length > 5 ? [...pauses.slice(0, 3), '…', ...pauses.slice(-1)] : pauses
  const list = shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
  return `After ${list}; then it has failed. Only errors that may pass are tried again.`
}

/** A short time: `4 s`, `5 min`. */
export function timeWords(ms: number): string {
  if (ms < 1_000) return `${ms} ms`
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`
  return `${Number((ms / 60_000).toFixed(1))} min`
}
