import type { ExpressionScope } from '../evaluation.ts'
import { errorAt, type Span } from '../source.ts'
import { isObject, readKey } from '../value.ts'
import type { Operand } from './compare.ts'

export interface FieldPath {
  path: (string | number)[]
  /** Where the path up to each key stands in the text. */
  spans: Span[]
}

/**
 * The keys of a plain path: `trigger.body.items[0].name`, `trigger.headers.x-github-event`, `vars["first name"]`.
 * Nothing is computed in it. Throws `expression.syntax`.
 */
export function parseFieldPath(text: string): FieldPath {
  const path: (string | number)[] = []
  const spans: Span[] = []
  const segment = /(?:^|\.)([\p{L}\p{N}_$@:/-]+)|\[(?:(\d{1,9})|"([^"\\[\]]*)"|'([^'\\[\]]*)')\]/uy
  const trimmed = text.trim()
  const before = text.indexOf(trimmed)
  while (path.length === 0 || segment.lastIndex < trimmed.length) {
    const start = segment.lastIndex
    const match = segment.exec(trimmed)
    if (match === null || (path.length === 0 && match[0] !== match[1])) {
      const source = { text, offset: 0, length: text.length }
      throw errorAt(
        source,
        { start: before + start, end: text.length },
        'expression.syntax',
        'This is no path such as trigger.body.total or trigger.body.items[0].name. To compute a value put it between {{ and }}.',
      )
    }
    path.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]))
    spans.push({ start: before, end: before + segment.lastIndex })
  }
  return { path, spans }
}

/** What stands at a path, or undefined wherever it leads nowhere. `now` is its ISO text. Never throws. */
export function readPath(scope: ExpressionScope, path: readonly (string | number)[]): Operand {
  const [root = '', ...keys] = path
  if (root === 'now') return keys.length === 0 ? new Date(scope.now).toISOString() : undefined
  let value: Operand = Object.hasOwn(scope, root) ? scope[root] : undefined
  // A root by itself is copied, as in `compileRoot`: it may grow, and what a condition saw is kept.
  if (keys.length === 0 && value !== undefined && isObject(value)) return { ...value }
  for (const key of keys) {
    if (value === undefined || value === null) return undefined
    value = readKey(value, key)
  }
  return value
}
