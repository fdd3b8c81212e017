import type { ExpressionErrorCode } from './error.ts'

/**
 * What went wrong, thrown by code that does not know where in the source it stands. The call that was being evaluated
 * gives it its place and makes it an `ExpressionError`; it never leaves this folder.
 */
export class Problem extends Error {
  readonly code: ExpressionErrorCode
  readonly extra: { missingPath?: string; suggestion?: string }

  constructor(code: ExpressionErrorCode, message: string, extra: { missingPath?: string; suggestion?: string } = {}) {
    super(message)
    this.code = code
    this.extra = extra
  }
}
