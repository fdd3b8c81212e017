import type { Json, JsonObject } from '#contract/json.ts'
import { uniqueNodeId } from '../../model/unique-id.ts'
import type { FormField } from '../form-fields.ts'

/** Ways out that a node has besides those of its rows. */
const takenPorts = ['default', 'error', 'out', 'true', 'false']

/** A row as it is when it is added: the defaults of its fields, and a key of its own where it is a way out. */
export function freshRow(entries: readonly FormField[], rows: readonly JsonObject[]): JsonObject {
  const row: JsonObject = {}
  for (const entry of entries) {
    if (entry.key === 'port') row['port'] = freshPort(rows)
    else if (entry.isRequired) row[entry.key] = emptyValue(entry)
  }
  return row
}

/** Tells rows apart while they change places: by their way out where no row before has the same, or by where they stand. */
export function rowKeys(rows: readonly JsonObject[]): string[] {
  const seen = new Set<unknown>()
  return rows.map(({ port }, index) => {
    if (typeof port !== 'string' || port === '' || seen.has(port)) return `row ${index}`
    seen.add(port)
    return `port ${port}`
  })
}

function freshPort(rows: readonly JsonObject[]): string {
  const taken = rows.map((row) => row['port']).filter((port) => typeof port === 'string')
  return uniqueNodeId(`way${rows.length + 1}`, new Set([...taken, ...takenPorts]))
}

function emptyValue({ control, choices, min }: FormField): Json {
  if (choices !== undefined) return choices[0]?.value ?? ''
  if (control === 'conditions') return { operator: 'AND', conditions: [] }
  if (control === 'number') return min ?? 0
  if (control === 'switch') return false
  return ''
}
