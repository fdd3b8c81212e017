/** Why a value cannot be kept: writing it down would exhaust the call stack, or JSON has no word for a number in it. */
export type Unkeepable = 'too_deep' | 'not_finite'

/**
 * Why a value cannot be written down as JSON and read back as it was; undefined when it can. Looks `depth` levels of lists
 * and objects deep and no deeper, so no value exhausts the call stack here.
 */
export function unkeepable(value: unknown, depth: number): Unkeepable | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'not_finite'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth <= 0) return 'too_deep'
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    const why = unkeepable(item, depth - 1)
    if (why !== undefined) return why
  }
  return undefined
}
