import type { Json, JsonObject } from '#contract/json.ts'

export interface KeyValueRow {
  key: string
  /** Undefined while nothing was written. */
  value: Json | undefined
}

/** Whether a value can be edited as rows: nothing yet, or an object. */
export function holdsRows(value: Json | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value))
}

/** An object as rows, in its order. */
export function readRows(value: Json | undefined): KeyValueRow[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).map(([key, item]) => ({ key, value: item }))
}

/** Rows as an object. Rows without a name are not in it; of two with the same name, the later is. */
export function writeRows(rows: readonly KeyValueRow[]): JsonObject {
  return Object.fromEntries(
    rows.filter(({ key }) => key.trim() !== '').map(({ key, value }) => [key.trim(), value ?? '']),
  )
}
