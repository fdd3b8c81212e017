import { HTTPException } from 'hono/http-exception'
import { AppError, appError } from '../lib/app-error.ts'
import { isOutage } from '../lib/is-outage.ts'
import { refuse } from './envelope.ts'
import type { ApiContext } from './env.ts'
import { inBackground } from './in-background.ts'

/** Anything thrown, as an answer. Our own errors speak for themselves; the rest tells the log and nobody else. */
export function handleError(thrown: unknown, c: ApiContext): Response {
  const error = toAppError(thrown)
  if (error.code === 'internal' || isOutage(thrown)) {
    console.error({ message: 'request failed', requestId: c.var.requestId, path: c.req.path, error: describe(thrown) })
  }
  if (error.code === 'auth.forbidden') noteDenial(c, error)
  const seconds = retryAfter(error)
  if (seconds !== undefined) c.header('Retry-After', String(seconds))
  // A scheme for which no browser asks anybody for anything.
  if (error.status === 401) c.header('WWW-Authenticate', 'Bearer')
  return refuse(c, error)
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  // What the router's own checks throw.
  if (thrown instanceof HTTPException) {
    if (thrown.status === 400) return appError('request.malformed_json', { cause: thrown })
    if (thrown.status === 413) return appError('request.too_large', { cause: thrown })
    if (thrown.status === 415) return appError('request.unsupported_media_type', { cause: thrown })
  }
  return appError(isOutage(thrown) ? 'service.unavailable' : 'internal', { cause: thrown })
}

/** In how many seconds trying again may help. */
function retryAfter({ code, details }: AppError): number | undefined {
  if (code === 'service.unavailable') return 1
  if (code !== 'request.rate_limited' || typeof details !== 'object' || details === null) return undefined
  return 'retryAfter' in details && typeof details['retryAfter'] === 'number' ? details['retryAfter'] : undefined
}

/** What somebody tried and may not is worth knowing too. */
function noteDenial(c: ApiContext, { details }: AppError): void {
  const { context } = c.var as Partial<ApiContext['var']>
  if (context === undefined) return
  const [targetId] = Object.values(c.req.param())
  const target = targetId === undefined ? {} : { targetId: targetId.slice(0, 200) }
  const deed = { action: `${c.req.method} ${c.req.routePath}`, outcome: 'denied' as const, details, ...target }
  inBackground(c, context.recordDeed(deed))
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.stack ?? thrown.message}${cause(thrown)}` : String(thrown)
}

function cause({ cause }: Error): string {
  return cause === undefined ? '' : `\ncaused by ${describe(cause)}`
}
