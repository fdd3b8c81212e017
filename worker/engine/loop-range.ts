import type { Json } from '../contract/json.ts'
import type { LoopRange } from './event.ts'

/** How many iterations a loop has to go through; null where that is not known before. */
export function totalOf(range: LoopRange | null): number | null {
  if (range === null) return null
  return 'items' in range ? range.items.length : range.total
}

/** What an iteration is for. */
export function itemAt(range: LoopRange | null, index: number): Json {
  if (range === null) return null
  return 'items' in range ? (range.items[index] ?? null) : range.from + index * range.step
}
