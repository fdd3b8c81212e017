import type { Json } from '../../contract/json.ts'
import { sourceOf, wrongSource } from './source.ts'

/** A list to work on. An object is taken for the list of its fields, as `{ key, value }`. */
export function listOf(given: { source?: Json | undefined; fallback?: Json | undefined }, what = 'list'): Json[] {
  const source = sourceOf(given, what === 'list' ? 'list' : 'other list')
  if (Array.isArray(source)) return source
  if (typeof source === 'object' && source !== null) {
    return Object.entries(source).map(([key, value]) => ({ key, value }))
  }
  const looksLikeJson = typeof source === 'string' && /^\s*\[/.test(source)
  const hint = looksLikeJson
    ? 'Read it with parseJson(…) first.'
    : 'For a list of this one write list(…), to cut a text up use .split(",").'
  throw wrongSource(source, 'a list', hint)
}
