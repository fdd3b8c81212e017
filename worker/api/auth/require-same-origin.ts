import { appError } from '../../lib/app-error.ts'
import { originsOf } from './auth-options.ts'

/**
 * Throws `request.forbidden_origin` unless a browser sent this from a page of ours. For whatever a cookie could
 * authorise: browsers name the origin with every request that changes something, and with every WebSocket.
 */
export function requireSameOrigin(request: Request): void {
  const origin = request.headers.get('origin')
  if (origin === null || !originsOf(request).includes(origin)) throw appError('request.forbidden_origin')
}

/** Whether a request could change something, or opens a channel: what the rule above is for. */
export function needsOrigin(request: Request): boolean {
  return !['GET', 'HEAD'].includes(request.method) || request.headers.get('upgrade') !== null
}
