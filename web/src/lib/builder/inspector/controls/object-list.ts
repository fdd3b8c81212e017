import type { Json, JsonObject } from '#contract/json.ts'

/** The objects of a list; anything else in it is shown as an empty one, to be filled in. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  if (!Array.isArray(value)) return []
  return value.map((item) => (typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {}))
}

/** An object with one key changed; without it for `undefined`. */
export function withKey(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value }
  const { [key]: _gone, ...rest } = object
  return rest
}

/** A list with one item taken to another place. */
export function moved<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const item = list[from]
  return item === undefined ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, item)
}
