import { tokensOf } from '#lib/graph/model/expression-tokens.ts'

/**
 * How a text is read: `template` is text with `{{ … }}` in it, `json` is JSON with the same in its texts, `expression`
 * is one expression that needs no braces, and `payload` is JSON and nothing more.
 */
export type CodeMode = 'template' | 'json' | 'expression' | 'payload'

/** The beginning of the expression that a caret after `text` is in; undefined when it is in none. */
export function expressionBefore(text: string, mode: CodeMode): string | undefined {
  if (mode === 'payload') return undefined
  if (mode === 'expression' && !text.includes('{{')) return text
  for (let open = text.indexOf('{{'); open >= 0;) {
    const { end } = tokensOf(text, open + 2, true)
    const isClosed = text.slice(0, end).endsWith('}}') && end > open + 3
    if (end >= text.length && !isClosed) return text.slice(open + 2)
    open = text.indexOf('{{', end)
  }
  return undefined
}
