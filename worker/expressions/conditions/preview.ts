import type { Json } from '../../contract/json.ts'
import type { Operand } from './compare.ts'

/** Characters of JSON that are kept of a value for an explanation. */
const mostCharacters = 200

/** A value small enough for an explanation: itself, or the beginning of its JSON as text. */
export function preview(value: Operand): Json {
  if (value === undefined) return null
  if (typeof value === 'string') return value.length <= mostCharacters ? value : `${cut(value)}…`
  if (typeof value !== 'object' || value === null) return value
  const text = write(value, mostCharacters + 1)
  return text.length <= mostCharacters ? value : `${cut(text)}…`
}

/** The first characters, without half of a surrogate pair at the end. */
function cut(text: string): string {
  const last = text.charCodeAt(mostCharacters - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? mostCharacters - 1 : mostCharacters)
}

/** JSON text, given up once it is longer than needed: a condition may look at a whole request body. */
function write(value: Json, room: number): string {
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(typeof value === 'string' ? value.slice(0, room) : value)
  }
  const isList = Array.isArray(value)
  let text = isList ? '[' : '{'
  for (const [key, item] of Object.entries(value)) {
    if (text.length > room) break
    if (text.length > 1) text += ','
    if (!isList) text += `${JSON.stringify(key.slice(0, room))}:`
    text += write(item, room - text.length)
  }
  return text + (isList ? ']' : '}')
}
