// json-text
//
// JSON written as text with expressions in it: `{ "note": "{{ note }}", "count": {{ count }} }`.
//
// Invariants:
//
//   N1. The text is read for its lists, objects, keys and quotes before anything is filled in, so no value can add to
//       them: in quotes it is text, whatever characters are in it, and elsewhere it is one value in its place.
//   N2. What stands without quotes is JSON: a value that is none already is read as JSON, and refused if it is not.
//   N3. `toJson` and `quoteJson` in quotes are taken for what they are: text that is written for JSON already.

import type { Json } from '../contract/json.ts'
import type { CompiledPart } from './compile/compile.ts'
import { ExpressionError } from './error.ts'
import { toJson } from './leave.ts'
import { limits } from './limits.ts'
import { Problem } from './problem.ts'
import { scanText } from './scan.ts'
import { written } from './source.ts'

/** A text with expressions in it: plain pieces and expressions. */
export type Pieces = readonly (string | CompiledPart)[]

/** JSON in which texts, keys and values may have to be filled in. */
export type JsonShape =
  | { kind: 'constant'; value: Json }
  | { kind: 'quoted' | 'bare'; pieces: Pieces }
  | { kind: 'list'; items: JsonShape[] }
  | { kind: 'object'; entries: { key: JsonShape; value: JsonShape }[] }

/** Whether a text with expressions in it begins as a list or an object, so that JSON must be meant. */
export function beginsAsJson([first]: Pieces): boolean {
  return typeof first === 'string' && /^\s*[[{]/.test(first)
}

/**
 * What is wrong with a text that is meant as JSON, as a sentence; undefined where nothing is, and where its expressions
 * are wrong themselves. A text that is one expression, or does not begin as JSON, is not meant as it.
 */
export function jsonTextProblem(text: string): string | undefined {
  let pieces: Pieces
  try {
    pieces = scanText(text)
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
  if (!beginsAsJson(pieces) || readShape(pieces) !== null) return undefined
  return pieces.some((piece) => typeof piece !== 'string')
    ? 'This is JSON only if its expressions give the right signs. Let each stand for a value or in quotes.'
    : 'This is not complete JSON, and would be sent as a text in quotes.'
}

/** Marks within JSON: what follows is no text but stands without quotes; a slot's number follows, and a semicolon. */
const bareMark = '\u0001'
const slotMark = '\0'

/** The shape of a text, or null where that depends on what is filled in. */
export function readShape(pieces: Pieces): JsonShape | null {
  const plain = pieces.filter((piece) => typeof piece === 'string').join('')
  if (plain.includes(bareMark) || plain.includes(slotMark) || /\\u000[01]/i.test(plain)) return null
  let slots = 0
  const marked = pieces
    .map((piece) => (typeof piece === 'string' ? piece : slotMark))
    .join('')
    .replace(/"(?:[^"\\]|\\.)*"|[^\s"[\]{},:]+/gs, (token) => {
      const numbered = token.replaceAll(slotMark, () => `\\u0000${slots++};`)
      return token.startsWith('"') || numbered === token ? numbered : `"\\u0001${numbered}"`
    })
  try {
    const slotsIn = new Slots(pieces)
    const shape = shapeOf(JSON.parse(marked) as Json, slotsIn, 0)
    return slotsIn.areAllFound ? shape : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The JSON that a text writes. Throws `Problem` for a text that is none, or whose number would not be the same. */
export function readFilled(text: string): Json {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    throw notJson(text)
  }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) throw notJson(text)
  // Takes out `__proto__` keys, and refuses what is nested too deep.
  return toJson(value, { left: limits.textLength * 8 })
}

/** What an expression gave for a place in quotes. */
export function readQuoted(text: string, part: CompiledPart): string {
  const source = written(part.source, { start: 0, end: part.source.length })
  if (!/\b(?:toJson|stringify|quoteJson)\s*\(/.test(source)) return text
  try {
    const read: unknown = JSON.parse(`"${text}"`)
    return typeof read === 'string' ? read : text
  } catch {
    return text
  }
}

function notJson(text: string): Problem {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return new Problem(
    'expression.value',
    `What stands without quotes in JSON must be JSON itself, and this gives “${shown}”. Put quotes around it.`,
  )
}

/** The expressions of a text, found again by their number. */
class Slots {
  readonly #parts: readonly CompiledPart[]
  #found = 0

  constructor(pieces: Pieces) {
    this.#parts = pieces.filter((piece) => typeof piece !== 'string')
  }

  /** False where one is lost: behind a backslash, or in the first of two equal keys. */
  get areAllFound(): boolean {
    return this.#found === this.#parts.length
  }

  /** A marked text as its pieces. */
  in(text: string): Pieces {
    return text.split(/\0(\d+);/).flatMap((piece, index): (string | CompiledPart)[] => {
      if (index % 2 === 0) return piece === '' ? [] : [piece]
      const part = this.#parts[Number(piece)]
      if (part === undefined) return []
      this.#found++
      return [part]
    })
  }
}

function shapeOf(json: Json, slots: Slots, depth: number): JsonShape {
  if (typeof json === 'string') {
    if (json.startsWith(bareMark)) return { kind: 'bare', pieces: slots.in(json.slice(1)) }
    return json.includes(slotMark) ? { kind: 'quoted', pieces: slots.in(json) } : { kind: 'constant', value: json }
  }
  if (typeof json !== 'object' || json === null) return { kind: 'constant', value: json }
  if (depth >= limits.valueDepth) throw new SyntaxError('nested too deep')
  if (Array.isArray(json)) return { kind: 'list', items: json.map((item) => shapeOf(item, slots, depth + 1)) }
  return {
    kind: 'object',
    entries: Object.entries(json).map(([key, value]) => ({
      key: shapeOf(key, slots, depth),
      value: shapeOf(value, slots, depth + 1),
    })),
  }
}
