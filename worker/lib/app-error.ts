import type { ErrorCode } from '../contract/error.ts'
import { errorCatalogue } from '../contract/facts/error.ts'
import type { Json } from '../contract/json.ts'

/**
 * An error a caller is told about, by its code in the catalogue. `details` must be fit for the caller's eyes.
 * Anything else that is thrown is our bug: the caller hears `internal`, the log hears everything.
 */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly details: Json

  constructor(code: ErrorCode, message: string, details: Json, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.details = details
  }

  get status(): number {
    return errorCatalogue[this.code].status
  }
}

/** An error from the catalogue; `message` replaces the catalogue's words where more can be said. */
export function appError(
  code: ErrorCode,
  { message, details = null, cause }: { message?: string; details?: Json; cause?: unknown } = {},
): AppError {
  return new AppError(code, message ?? errorCatalogue[code].message, details, { cause })
}
