import { parseExpressionAt, type Expression } from 'acorn'
import { limits } from '../limits.ts'
import { errorAt, type Source } from '../source.ts'
import { explainSyntaxError } from './explain.ts'

export interface Parsed {
  source: Source
  node: Expression
}

const options = {
  ecmaVersion: 2022,
  // Strict mode, and `await` becomes a construct that can be refused by name.
  sourceType: 'module',
  // Without them the end of `(a)` would be the end of `a`, and the search for `}}` would begin too early.
  preserveParens: true,
} as const

/**
 * Parses the expression that begins at an offset of a text and ends where `closing` stands (the end of the text when
 * it is empty). What the expression may contain is not looked at. Throws `expression.syntax` and `limit_exceeded`.
 */
export function parseExpression(text: string, offset: number, closing: '}}' | ''): Parsed {
  const most = limits.sourceLength + closing.length
  const part = text.slice(offset, offset + most + 1)
  const source = { text, offset, length: guessLength(part, closing) }
  if (part.slice(0, source.length).trim() === '') {
    throw errorAt(source, { start: 0, end: 0 }, 'expression.syntax', 'There is nothing between {{ and }}.')
  }

  if (closing !== '' && part.startsWith('{')) {
    const message =
      'Write two braces, {{ name }}. For an object leave a blank before its own brace: {{ { key: value } }}.'
    throw errorAt(source, { start: 0, end: 1 }, 'expression.syntax', message)
  }

  let node: Expression
  try {
    node = parseExpressionAt(part, 0, options)
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(source)
    const isClosed = closing !== '' && part.includes(closing)
    if (part.length > most && !isClosed) throw tooLong(source)
    throw explainSyntaxError(source, part, error, closing)
  }

  const end = skipBlanks(part, node.end)
  if (end > limits.sourceLength) throw tooLong(source)
  if (!(closing === '' ? end === part.length : part.startsWith(closing, end))) {
    throw explainSyntaxError(source, part, end, closing)
  }
  return { source: { text, offset, length: end }, node }
}

function tooLong(source: Source): Error {
  const message = `An expression may have at most ${limits.sourceLength} characters. Split it over several steps.`
  return errorAt(source, { start: 0, end: 0 }, 'expression.limit_exceeded', message)
}

function tooDeep(source: Source): Error {
  const message = `An expression may be nested at most ${limits.depth} levels deep.`
  return errorAt(source, { start: 0, end: 0 }, 'expression.limit_exceeded', message)
}

/** Where the expression seems to end, for errors that are found before its real end is known. */
function guessLength(part: string, closing: string): number {
  const end = closing === '' ? -1 : part.indexOf(closing)
  return end < 0 ? Math.min(part.length, limits.sourceLength) : end
}

/** Past blanks and comments. */
function skipBlanks(part: string, from: number): number {
  let index = from
  for (;;) {
    while (index < part.length && /\s/.test(part.charAt(index))) index++
    const end = part.startsWith('/*', index) ? part.indexOf('*/', index) : -1
    if (end < 0) return index
    index = end + 2
  }
}
