import { seededFraction } from '../lib/seeded-fraction.ts'

/** A length in whole ms from `minMs` to `maxMs`, both possible: the same for the same seed, so that a replay draws it again. */
export function randomDelay(seed: string, { minMs, maxMs }: { minMs: number; maxMs: number }): number {
  return minMs + Math.floor(seededFraction(seed) * (maxMs - minMs + 1))
}
