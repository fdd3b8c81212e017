import type { Json } from '../../../contract/json.ts'
import { numberOf } from '../../../expressions/index.ts'
import { isPlain, isSchema, type Schema } from './schema.ts'

/**
 * The value with texts that write what the schema asks for as that: forms send nothing but texts. Only where nothing
 * else can be meant: a number, a whole number, true or false. Null and what is missing stay as they are.
 */
export function converted(schema: Schema, value: Json, depth = 0): Json {
  if (typeof schema === 'boolean' || depth > 64) return value
  const { type, properties, items } = schema
  if (typeof value === 'string') {
    if (type === 'number' || type === 'integer') return numberOf(value) ?? value
    if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
    return value
  }
  if (Array.isArray(value)) {
    return isSchema(items) ? value.map((item) => converted(items, item, depth + 1)) : value
  }
  if (!isPlain(value) || !isPlain(properties)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const own = Object.hasOwn(properties, key) ? properties[key] : undefined
      return [key, isSchema(own) ? converted(own, item, depth + 1) : item]
    }),
  )
}
