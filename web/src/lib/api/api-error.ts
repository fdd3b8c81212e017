import type { Json } from '#contract/json.ts'

/**
 * An answer that is not the one that was asked for. `code` is of the contract's catalogue, or one of ours:
 * `network.unreachable` when no answer came, `network.garbled` when it was not ours.
 */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: string
  /** The HTTP status; 0 when no answer came. */
  readonly status: number
  readonly details: Json
  /** Names the request to whoever looks it up; empty when the server never saw it. */
  readonly requestId: string

  constructor(
    { code, message, status, details = null, requestId = '' }: Omit<ApiErrorFields, 'message'> & { message: string },
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = code
    this.status = status
    this.details = details
    this.requestId = requestId
  }
}

interface ApiErrorFields {
  code: string
  message: string
  status: number
  details?: Json
  requestId?: string
}

/** What was thrown, as an ApiError: pages show one kind of error. An error of our own making keeps its words. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new ApiError({ code: 'app.broken', message, status: 0 }, { cause: thrown })
}

/** Whether something was given up on purpose, which nobody needs to be told. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError'
}
