import type { CustomValue } from '../contract/contact.ts'
import { contactLimits } from '../contract/facts/contact.ts'

/** What came of reading a value: as it is kept, or why it cannot be, as the second half of a sentence. */
export type Read = { value: CustomValue } | { problem: string }
export type ReadValue = (given: unknown) => Read

const nothing: Read = { value: null }

/** A text of at most so many characters. Numbers and booleans, which expressions give, are taken as written. */
export function readText(maxLength: number = contactLimits.textLength): ReadValue {
  return (given) => {
    if (given === null || given === '') return nothing
    if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') {
      return { problem: 'must be text' }
    }
    // Half of a character, left where somebody cut a text: a database would keep other marks in its place than an object.
    const text = String(given).toWellFormed().trim()
    if (text.length > maxLength) return { problem: `must have at most ${maxLength} characters` }
    return { value: text === '' ? null : text }
  }
}

/** A text that `normalize` brings into the form it is kept in, or refuses. */
export function readNormalized(normalize: (text: string) => string | null, problem: string): ReadValue {
  const read = readText()
  return (given) => {
    const text = read(given)
    if ('problem' in text || text.value === null) return text
    const value = normalize(String(text.value))
    return value === null ? { problem } : { value }
  }
}

/** A finite number, or a text that writes one. */
export function readNumber(given: unknown): Read {
  if (given === null || given === '') return nothing
  const number = typeof given === 'string' ? Number(given.trim()) : given
  return typeof number === 'number' && Number.isFinite(number) ? { value: number } : { problem: 'must be a number' }
}

/** True or false, or one of these words. */
export function readBoolean(given: unknown): Read {
  if (given === null || given === '') return nothing
  if (given === true || given === 'true') return { value: true }
  if (given === false || given === 'false') return { value: false }
  return { problem: 'must be true or false' }
}

/** A day, `2026-03-01`; of an instant its day as it is written. Days that a month does not have are refused. */
export function readDate(given: unknown): Read {
  if (given === null || given === '') return nothing
  const problem = 'must be a date such as 2026-03-01'
  if (typeof given !== 'string') return { problem }
  const [, date] = /^(\d{4}-\d{2}-\d{2})(?:T.*)?$/.exec(given.trim()) ?? []
  if (date === undefined) return { problem }
  const at = new Date(`${date}T00:00:00Z`)
  // A day that its month does not have would silently be one of the next.
  return Number.isNaN(at.getTime()) || !at.toISOString().startsWith(date) ? { problem } : { value: date }
}

/** An instant that says its offset, kept in UTC. */
export function readInstant(given: unknown): Read {
  if (given === null || given === '') return nothing
  const problem = 'must be an instant such as 2026-03-01T09:30:00Z'
  if (typeof given !== 'string' || !/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(given.trim()))
    return { problem }
  const at = new Date(given.trim())
  return Number.isNaN(at.getTime()) ? { problem } : { value: at.toISOString() }
}

/** An address on the web. */
export function readUrl(given: unknown): Read {
  const problem = 'must be an address that starts with https:// or http://'
  return readNormalized((text) => (/^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : null), problem)(given)
}

/** One of these texts. */
export function readOption(options: readonly string[]): ReadValue {
  return (given) => {
    if (given === null || given === '') return nothing
    // Of an object, no text may be asked: what it answers with is its sender's to say.
    const text = typeof given === 'object' ? undefined : String(given)
    if (text !== undefined && options.includes(text)) return { value: text }
    return { problem: `must be one of ${options.join(', ')}` }
  }
}

/** Any of these texts, each once and in their order. One that is not in a list counts as a list of one. */
export function readOptions(options: readonly string[]): ReadValue {
  const readOne = readOption(options)
  return (given) => {
    if (given === null || given === '') return nothing
    const list: unknown[] = Array.isArray(given) ? given : [given]
    const chosen = new Set<string>()
    for (const entry of list) {
      const one = readOne(entry)
      if ('problem' in one) return one
      if (typeof one.value === 'string') chosen.add(one.value)
    }
    // In the order of the options, so that the same choice is the same value.
    return { value: chosen.size === 0 ? null : options.filter((option) => chosen.has(option)) }
  }
}
