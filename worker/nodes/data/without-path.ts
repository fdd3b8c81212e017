import type { Json } from '../../contract/json.ts'

/**
 * The value without what stands under nested keys, if `isUnwanted` says so. Objects on the way are copied and not
 * changed: they belong to the data they came from.
 */
export function withoutPath(
  value: Json,
  [key = '', ...rest]: readonly string[],
  isUnwanted: (found: Json) => boolean = () => true,
): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return value
  const { [key]: found = null, ...others } = value
  if (rest.length > 0) return { ...value, [key]: withoutPath(found, rest, isUnwanted) }
  return isUnwanted(found) ? others : value
}
