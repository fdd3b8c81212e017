import type { Distribution } from '../contract/simulate.ts'

/** How numbers lie; undefined when there are none. The median and the 95th of a hundred are numbers that are there. */
export function distributionOf(numbers: Iterable<number>): Distribution | undefined {
  const sorted = Float64Array.from(numbers).sort()
  const { length } = sorted
  if (length === 0) return undefined
  const at = (part: number) => sorted[Math.min(length - 1, Math.ceil(part * length) - 1)] ?? 0
  const mean = sorted.reduce((sum, number) => sum + number, 0) / length
  return {
    min: at(1 / length),
    median: at(0.5),
    mean: Math.round(mean * 1_000) / 1_000,
    p95: at(0.95),
    max: at(1),
  }
}
