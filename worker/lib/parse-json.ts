import type { Json } from '../contract/json.ts'
import { appError, type AppError } from './app-error.ts'

/** Limits of JSON from outside. Source: the size table of the semantics. */
export const jsonLimits = { depth: 64, keys: 10_000, stringLength: 256 * 1024 } as const

/**
 * JSON from outside as a value that is safe to keep. Throws `AppError`: `request.malformed_json` for what is not JSON,
 * a key given twice or a number that no double holds; `request.too_large` beyond `jsonLimits`.
 *
 * `__proto__` is dropped as a key, and `prototype` below `constructor`: no data means them, and code elsewhere may
 * one day copy keys without care.
 */
export function parseJson(text: string): Json {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : 'not JSON', cause)
  }
  const walk = { keys: 0, dropped: 0 }
  const clean = checked(value, 0, walk)
  // JSON.parse keeps the last of two equal keys. Others keep the first, and what two readers see differently is a trap.
  if (walk.keys !== countMembers(text)) throw malformed(`an object has ${repeatedKey(text) ?? 'a key'} twice`)
  return clean
}

function checked(value: Json, depth: number, walk: { keys: number }): Json {
  if (typeof value === 'string') {
    if (value.length > jsonLimits.stringLength) throw jsonTooLarge('string length')
    return value
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw malformed('a number is too large')
    return value
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth >= jsonLimits.depth) throw jsonTooLarge('depth')
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = checked(value[index]!, depth + 1, walk)
    return value
  }
  for (const key of Object.keys(value)) {
    if (++walk.keys > jsonLimits.keys) throw jsonTooLarge('number of keys')
    const child = value[key]!
    if (key === '__proto__') {
      checked(child, depth + 1, walk)
      delete value[key]
      continue
    }
    value[key] = checked(child, depth + 1, walk)
    if (key === 'constructor' && typeof child === 'object' && child !== null && !Array.isArray(child)) {
      delete child['prototype']
    }
  }
  return value
}

/** How many `key: value` pairs valid JSON has: its colons outside of strings. */
function countMembers(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 58) count++
    else if (code === 34) index = endOfString(text, index)
  }
  return count
}

function endOfString(text: string, start: number): number {
  for (let index = text.indexOf('"', start + 1); ; index = text.indexOf('"', index + 1)) {
    let backslashes = 0
    while (text.charCodeAt(index - 1 - backslashes) === 92) backslashes++
    if (backslashes % 2 === 0) return index
  }
}

function malformed(reason: string, cause?: unknown): AppError {
  return appError('request.malformed_json', { details: { reason: reason.slice(0, 200) }, cause })
}

/** The first key that valid JSON gives twice in one object, as it is written. */
function repeatedKey(text: string): string | undefined {
  const objects: Set<string>[] = []
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === '{' || character === '[') objects.push(new Set())
    else if (character === '}' || character === ']') objects.pop()
    else if (character === '"') {
      const end = endOfString(text, index)
      const written = text.slice(index, end + 1)
      const keys = objects.at(-1)
      index = end
      if (keys === undefined || text.charAt(endOfBlanks(text, end + 1)) !== ':') continue
      const key = JSON.parse(written) as string
      if (keys.has(key)) return written.slice(0, 80)
      keys.add(key)
    }
  }
  return undefined
}

function endOfBlanks(text: string, start: number): number {
  let index = start
  while (' \t\r\n'.includes(text.charAt(index)) && index < text.length) index++
  return index
}

/** What of a body may be too large, each with its limit and with words for it. */
const sizes = {
  depth: [jsonLimits.depth, `is nested deeper than ${jsonLimits.depth} levels`],
  'number of keys': [jsonLimits.keys, `has more than ${jsonLimits.keys} keys`],
  'string length': [jsonLimits.stringLength, `has a text of more than ${jsonLimits.stringLength} characters`],
} as const

/** `request.too_large`, for a body that goes beyond one of `jsonLimits`. */
export function jsonTooLarge(what: keyof typeof sizes): AppError {
  const [limit, words] = sizes[what]
  return appError('request.too_large', { message: `The body ${words}.`, details: { what, limit } })
}
