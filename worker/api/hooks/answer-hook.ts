import type { ErrorBody } from '../../contract/error.ts'
import { errorCatalogue } from '../../contract/facts/error.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import { AppError, appError } from '../../lib/app-error.ts'
import { isOutage } from '../../lib/is-outage.ts'
import { newRequestId } from '../request-id.ts'
import { apiVersion } from '../version.ts'

/**
 * Answers a request to a hook: as `ingest` does, or with an error of the catalogue, which the log has by the same name
 * where it is ours. Never throws. Outside of Hono, because this is the path every webhook takes.
 */
export async function answerHook(path: string, ingest: () => Promise<Response>): Promise<Response> {
  const startedAt = Date.now()
  try {
    return await ingest()
  } catch (error) {
    const requestId = newRequestId()
    return toErrorResponse(toAppError(error, { requestId, hook: shortKey(path) }), { requestId, startedAt })
  }
}

/** What could not be reached is told apart from a bug: the sender may try again. */
function toAppError(error: unknown, place: { requestId: string; hook: string }): AppError {
  if (error instanceof AppError) return error
  console.error({ message: 'hook failed', ...place, error: error instanceof Error ? error.stack : String(error) })
  return appError(isOutage(error) ? 'service.unavailable' : 'internal', { cause: error })
}

/** The beginning of the key: the hook is found by it, and nobody who reads the log can send to it. */
function shortKey(path: string): string {
  return path.slice('/hooks/'.length).slice(0, 8)
}

function toErrorResponse(
  error: AppError,
  { requestId, startedAt }: { requestId: string; startedAt: number },
): Response {
  const now = Date.now()
  const body: ErrorBody = {
    success: false,
    error: { code: error.code, message: error.message, details: error.details },
    metadata: {
      requestId,
      timestamp: new Date(now).toISOString(),
      version: apiVersion,
      executionTime: now - startedAt,
    },
  }
  const { status } = errorCatalogue[error.code]
  const headers = new Headers({
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'x-request-id': requestId,
    ...hints(error),
  })
  if (status === 503 && !headers.has('retry-after')) headers.set('retry-after', '1')
  return new Response(JSON.stringify(body), { status, headers })
}

/** What HTTP asks an error to say in a header, so that programs know how to go on. */
function hints({ details }: AppError): Record<string, string> {
  const { allowed, challenge, retryAfter } = isObject(details) ? details : {}
  return {
    ...(Array.isArray(allowed) && { allow: allowed.join(', ') }),
    ...(typeof challenge === 'string' && { 'www-authenticate': challenge }),
    ...(typeof retryAfter === 'number' && { 'retry-after': String(retryAfter) }),
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
