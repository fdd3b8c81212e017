import { errorCatalogue, type ErrorBody } from '../../contract/error.ts'
import { AppError, appError } from '../../lib/app-error.ts'
import { isOutage } from '../../lib/is-outage.ts'
import { newRequestId } from '../middleware/identify-request.ts'
import { apiVersion } from '../version.ts'

/**
 * Answers a request to a hook: as `ingest` does, or with an error of the catalogue. Never throws. Outside of Hono,
 * because this is the path every webhook takes.
 */
export async function answerHook(ingest: () => Promise<Response>): Promise<Response> {
  const startedAt = Date.now()
  try {
    return await ingest()
  } catch (error) {
    return toErrorResponse(toAppError(error), startedAt)
  }
}

/** What could not be reached is told apart from a bug: the sender may try again. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  console.error({ message: 'hook failed', error: error instanceof Error ? error.stack : String(error) })
  return appError(isOutage(error) ? 'service.unavailable' : 'internal', { cause: error })
}

function toErrorResponse(error: AppError, startedAt: number): Response {
  const now = Date.now()
  const body: ErrorBody = {
    success: false,
    error: { code: error.code, message: error.message, details: error.details },
    metadata: {
      requestId: newRequestId(),
      timestamp: new Date(now).toISOString(),
      version: apiVersion,
      executionTime: now - startedAt,
    },
  }
  const { status } = errorCatalogue[error.code]
  const headers = new Headers({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' })
  if (status === 503 || status === 429) headers.set('retry-after', '1')
  return new Response(JSON.stringify(body), { status, headers })
}
