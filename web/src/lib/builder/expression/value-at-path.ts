import type { Json } from '#contract/json.ts'

/** What stands before the place of a completion: the value whose keys come next, or that it cannot be told. */
export type Receiver = { kind: 'roots' } | { kind: 'value'; value: Json } | { kind: 'unknown' }

/** A path being typed: what it hangs on, and the letters of the name so far. */
export interface TypedPath {
  receiver: Receiver
  /** Where the name begins, counted from the beginning of the text. */
  from: number
  typed: string
}

const segment = /^(?:\?\.|\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*)|^(?:\?\.)?\[\s*(?:(\d+)|"([^"]*)"|'([^']*)')\s*\]/u

/**
 * The path that ends where `text` ends (`… + steps.score.to` → the value of `steps.score`, and `to`). Undefined where
 * no name can stand, as inside a text.
 */
export function typedPath(text: string, scope: Readonly<Record<string, Json>>): TypedPath | undefined {
  if (isInsideText(text)) return undefined
  const typed = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(text)?.[0] ?? ''
  const from = text.length - typed.length
  const before = text.slice(0, from)
  if (/\d$/.test(before) && typed !== '') return undefined
  const dot = /(\?\.|\.)$/.exec(before)?.[0]
  if (dot === undefined) return /[\d"'`]$/.test(before) ? undefined : { receiver: { kind: 'roots' }, from, typed }
  // A number's point begins no path, and neither does a spread.
  const left = before.slice(0, -dot.length)
  if (/(^|[^\w$\])"'`])$/.test(left) || /(^|[^\w$.\]])\d+$/.test(left)) return undefined
  const value = valueOf(left, scope)
  return { receiver: value === undefined ? { kind: 'unknown' } : { kind: 'value', value }, from, typed }
}

/** The value of the path at the end of a text; undefined when it is no plain path or leads nowhere. */
function valueOf(text: string, scope: Readonly<Record<string, Json>>): Json | undefined {
  const start = pathStart(text)
  if (start === undefined) return undefined
  let rest = text.slice(start)
  let value: Json | undefined = { ...scope }
  while (rest !== '') {
    const match = segment.exec(rest)
    if (match === null || value === undefined || value === null || typeof value !== 'object') return undefined
    const key: string = match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''
    const holder: Json = value
    if (Array.isArray(holder)) value = holder[Number(key)]
    else value = Object.hasOwn(holder, key) ? holder[key] : undefined
    rest = rest.slice(match[0].length)
  }
  return value
}

/** Where the path begins that reaches to the end of a text: names, dots and indexes, no calls. */
function pathStart(text: string): number | undefined {
  const match =
    /[\p{ID_Start}$_][\p{ID_Continue}$]*(?:(?:\?\.|\.)[\p{ID_Start}$_][\p{ID_Continue}$]*|(?:\?\.)?\[\s*(?:\d+|"[^"]*"|'[^']*')\s*\])*$/u.exec(
      text,
    )
  if (match === null) return undefined
  const before = text.slice(0, match.index)
  return /(\.|\]|\))$/.test(before) ? undefined : match.index
}

function isInsideText(text: string): boolean {
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\\') at += 1
    else if (quote === '' && /["'`]/.test(char)) quote = char
    else if (char === quote) quote = ''
  }
  return quote !== ''
}
