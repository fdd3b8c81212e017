import { createMiddleware } from 'hono/factory'
import type { ApiEnv } from '../env.ts'

const headers: Record<string, string> = {
  // An answer of the API is data: nothing in it is ever run, framed or kept.
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
}

/** What every answer tells the browser. A handler that needs another policy (the reference page) sets its own. */
export const securityHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  await next()
  // A socket's answer cannot be changed, and there is no page in it.
  if (c.res.status === 101) return
  for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.header(name, value)
  if (new URL(c.req.url).protocol === 'https:')
    c.header('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
})
