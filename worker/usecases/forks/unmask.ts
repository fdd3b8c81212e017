import type { Json, JsonObject } from '../../contract/json.ts'
import { isCredentialHeader } from '../../lib/credential-header.ts'
import { masked } from '../executions/mask-input.ts'

/**
 * What a person edited of what they were shown: headers that are still masked get the value that was recorded. They
 * leave to the origin they were recorded for and to no other: null when the edit would send them elsewhere, or nothing was
 * recorded in their place.
 */
export function unmask(edited: Json, recorded: Json | undefined): Json | null {
  if (!isObject(edited) || !hasMasked(edited['headers'])) return edited
  if (
    !isObject(recorded) ||
    originOf(edited['url']) === null ||
    originOf(edited['url']) !== originOf(recorded['url'])
  ) {
    return null
  }
  const headers = fillIn(edited['headers'], recorded['headers'])
  return headers === null ? null : { ...edited, headers }
}

function hasMasked(headers: Json | undefined): boolean {
  return entriesOf(headers).some(([name, value]) => isCredentialHeader(name) && value === masked)
}

function fillIn(headers: Json | undefined, recorded: Json | undefined): Json | null {
  const known = new Map(entriesOf(recorded))
  const filled = entriesOf(headers).map(([name, value]): [string, Json | undefined] =>
    isCredentialHeader(name) && value === masked ? [name, known.get(name)] : [name, value],
  )
  if (filled.some(([, value]) => value === undefined)) return null
  const whole = filled as [string, Json][]
  return Array.isArray(headers) ? whole.map(([name, value]) => ({ name, value })) : Object.fromEntries(whole)
}

/** Headers as a map, or as a list of `{ name, value }`. */
function entriesOf(headers: Json | undefined): [string, Json][] {
  if (Array.isArray(headers)) {
    return headers.flatMap((header): [string, Json][] =>
      isObject(header) && typeof header['name'] === 'string' ? [[header['name'], header['value'] ?? null]] : [],
    )
  }
  return isObject(headers) ? Object.entries(headers) : []
}

function originOf(url: Json | undefined): string | null {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : null
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
