import { ExpressionError, type ExpressionErrorCode, type ExpressionErrorData } from './error.ts'
import { Problem } from './problem.ts'

export interface Span {
  start: number
  end: number
}

/** One expression in the text that holds it. Spans count from the beginning of the expression's own part. */
export interface Source {
  /** The whole text, of which the expression may be a part. */
  text: string
  /** Where the part begins that was given to the parser. */
  offset: number
  /** Length of the part. */
  length: number
}

/** The characters of a span, as they were written. */
export function written(source: Source, span: Span): string {
  return source.text.slice(source.offset + span.start, source.offset + span.end)
}

/** An error with its place. */
export function errorAt(
  source: Source,
  span: Span,
  code: ExpressionErrorCode,
  message: string,
  extra: Pick<ExpressionErrorData, 'missingPath' | 'suggestion' | 'isWarning'> = {},
): ExpressionError {
  const part = source.text.slice(source.offset, source.offset + source.length)
  const offset = source.offset + span.start
  const before = source.text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return new ExpressionError({
    code,
    message,
    expression: part.trim(),
    expressionOffset: source.offset + (part.length - part.trimStart().length),
    position: {
      offset,
      end: Math.min(source.text.length, source.offset + Math.max(span.end, span.start)),
      line: before.split('\n').length,
      column: offset - lineStart + 1,
    },
    ...extra,
  })
}

/** What was thrown, as an error: one with a place keeps it, a problem gets the place where it happened. */
export function located(source: Source, span: Span, error: unknown): Error {
  if (error instanceof Problem) return errorAt(source, span, error.code, error.message, error.extra)
  return error instanceof Error ? error : new Error('thrown by an expression', { cause: error })
}
