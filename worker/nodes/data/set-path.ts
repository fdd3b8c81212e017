import type { Json, JsonObject } from '../../contract/json.ts'

/**
 * Puts a value under nested keys of `target`, which the caller owns. Objects on the way are copied, not changed, since
 * they may be shared with the data they came from; anything else on the way is replaced by an object.
 */
export function setPath(target: JsonObject, keys: readonly string[], value: Json): void {
  let current = target
  for (const key of keys.slice(0, -1)) {
    const existing = Object.hasOwn(current, key) ? current[key] : undefined
    const next: JsonObject =
      typeof existing === 'object' && existing !== null && !Array.isArray(existing) ? { ...existing } : {}
    current[key] = next
    current = next
  }
  current[keys.at(-1)!] = value
}
