import type { Estimate } from '../contract/progress.ts'

/** Where eight of ten lie, and what is in their middle. */
const shares = { from: 0.1, likely: 0.5, to: 0.9 } as const

/** The estimate that these values amount to, in whole numbers; values between two are found on the line between them. */
export function estimateOf(values: readonly number[]): Estimate | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
    return Math.max(0, Math.round(below + (above - below) * (place - Math.floor(place))))
  }
  return { likely: at(shares.likely), from: at(shares.from), to: at(shares.to) }
}

/** The estimate of what does not vary. */
export function exactly(value: number): Estimate {
  return { likely: value, from: value, to: value }
}
