import type { Json, JsonObject } from '#contract/json.ts'

/**
 * Sample values for the names that a field which is read per item may use: of the first item of a list, or the first
 * field of an object. Names about which nothing is known are left out.
 */
export function itemNames(names: readonly string[], source: Json | undefined): JsonObject {
  if (source === undefined || typeof source !== 'object' || source === null) return {}
  const entries: [string, Json][] = Array.isArray(source)
    ? source.slice(0, 1).map((item, index) => [String(index), item])
    : Object.entries(source).slice(0, 1)
  const [first] = entries
  if (first === undefined) return {}
  const [key, value] = first
  const known: JsonObject = {
    item: Array.isArray(source) ? value : { key, value },
    index: 0,
    key,
    value,
    result: value,
  }
  return Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)))
}
