import type { Json } from '#contract/json.ts'

/** A param as the text of a field: what is no text yet is written as JSON. */
export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
