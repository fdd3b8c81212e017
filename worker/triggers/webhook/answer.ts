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

const always = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': pagePolicy,
}
/** What answers say before the workflow is asked. Made once: the platform copies a set of headers faster than it makes one. */
const standard = {
  none: new Headers(always),
  text: new Headers({ ...always, 'content-type': 'text/plain; charset=utf-8' }),
  json: new Headers({ ...always, 'content-type': 'application/json' }),
}

/**
 * The answer a workflow gives its sender, as HTTP. A text goes out as it is, anything else as JSON, null as nothing.
 * `own` are our headers, which it cannot change. It may be a page, so a browser is told to treat it as a stranger's:
 * sandboxed, without this site's cookies or origin.
 */
export function hookResponse({ status, headers, body }: HookResponse, own: Record<string, string> = {}): Response {
  const hasBody = body !== null && !bodilessStatuses.has(status)
  const response = hasBody
    ? typeof body === 'string'
      ? new Response(body, { status, headers: standard.text })
      : new Response(JSON.stringify(body), { status, headers: standard.json })
    : new Response(null, { status, headers: standard.none })
  setSafely(response.headers, headers)
  if (!hasBody) response.headers.delete('content-type')
  for (const name in own) response.headers.set(name, own[name]!)
  return response
}

/** A header that HTTP cannot carry is left out: the answer matters more than it. */
function setSafely(to: Headers, headers: Record<string, string>): void {
  for (const name in headers) {
    const lower = name.toLowerCase()
    if (dropped.has(lower)) continue
    try {
      to.set(lower, headers[name]!)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
}
