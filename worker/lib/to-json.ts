import type { Json } from '../contract/json.ts'

/** A value as JSON has it: keys whose value is undefined are gone, dates are texts. */
export function toJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json)
}
