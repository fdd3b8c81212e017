import type { Json } from '../../contract/json.ts'

/** Whether a value is nested deeper than `limit`. Goes level by level, so no depth can exhaust the call stack. */
export function depthBeyond(value: Json, limit: number): boolean {
  let level: Json[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const containers = level.filter((item) => typeof item === 'object' && item !== null)
    if (depth >= limit && containers.length > 0) return true
    level = containers.flatMap((item) => Object.values(item))
  }
  return false
}
