import type { HookResponse } from '../../engine/behaviour.ts'

/** Set by us or by the platform, whatever the workflow says. */
const ownHeaders = [
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'date',
  'server',
  'content-security-policy',
  'content-security-policy-report-only',
  'x-content-type-options',
  'access-control-allow-credentials',
]

/**
 * What a browser would keep and apply to all of this site, the app and its sessions with it: cookies, where to send reports
 * of every request, by which way to come, what to say of itself.
 */
const siteHeaders = [
  'set-cookie',
  'set-login',
  'secure-session-registration',
  'sec-session-registration',
  'clear-site-data',
  'strict-transport-security',
  'public-key-pins',
  'expect-ct',
  'service-worker-allowed',
  'nel',
  'report-to',
  'reporting-endpoints',
  'alt-svc',
  'accept-ch',
  'critical-ch',
  'use-as-dictionary',
  'origin-agent-cluster',
]
const dropped = new Set([...ownHeaders, ...siteHeaders])
const bodilessStatuses = new Set([204, 205, 304])

/** A page may look as it likes and take forms, but runs no script and belongs to no origin: not to this one either. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline' https:; img-src https: data:; font-src https: data:; sandbox allow-forms allow-popups"

/**
 * The answer a workflow gives its sender, as HTTP. A text goes out as it is, anything else as JSON, null as nothing.
 * `own` are our headers, which it cannot change. It may be a page, so a browser is told to treat it as a stranger's: sandboxed, without this site's cookies or origin.
 */
export function hookResponse({ status, headers, body }: HookResponse, own: Record<string, string> = {}): Response {
  const hasBody = body !== null && !bodilessStatuses.has(status)
  const isText = typeof body === 'string'
  const all: Record<string, string> = {
    'cache-control': 'no-store',
    ...(hasBody ? { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' } : {}),
    ...safeHeaders(headers),
    ...own,
    'x-content-type-options': 'nosniff',
    'content-security-policy': pagePolicy,
  }
  if (!hasBody) {
    delete all['content-type']
    return new Response(null, { status, headers: all })
  }
  return new Response(isText ? body : JSON.stringify(body), { status, headers: all })
}

/** By lower-case name. A header that HTTP cannot carry is left out: the answer matters more than it. */
function safeHeaders(headers: Record<string, string>): Record<string, string> {
  const safe: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (dropped.has(lower)) continue
    try {
      safe[lower] = new Headers([[lower, value]]).get(lower) ?? ''
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  return safe
}
