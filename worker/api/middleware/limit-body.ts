import { createMiddleware } from 'hono/factory'
import { appError } from '../../lib/app-error.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { readAll } from '../../lib/read-all.ts'
import type { ApiEnv } from '../env.ts'

/** Bytes of a request's body: room for the largest graph, twice. */
const maxBytes = 1024 * 1024

/**
 * Reads the body once, in bounds, and checks that it is JSON of bounded depth before any schema walks it. A body of
 * another type is refused, so that no form and no text/plain of another site is ever taken for a command.
 */
export const limitBody = createMiddleware<ApiEnv>(async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  const bytes = await readCapped(c.req.raw.body)
  if (bytes.length === 0) {
    c.req.raw = withBody(c.req.raw, '{}')
    return next()
  }
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw appError('request.unsupported_media_type', {
      message: 'Send the body as JSON, with the header Content-Type: application/json.',
      details: { expected: 'application/json' },
    })
  }
  // Text again, because that is what the validators read; without what `parseJson` has dropped.
  c.req.raw = withBody(c.req.raw, JSON.stringify(parseJson(decode(bytes))))
  return next()
})

async function readCapped(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const bytes = body === null ? new Uint8Array(0) : await readAll(body, maxBytes)
  if (bytes !== undefined) return bytes
  throw appError('request.too_large', {
    message: `The body is larger than ${maxBytes} bytes.`,
    details: { limit: maxBytes, maxBytes },
  })
}

function withBody(request: Request, body: string): Request {
  const headers = new Headers(request.headers)
  headers.set('content-type', 'application/json')
  headers.delete('content-length')
  return new Request(request.url, { method: request.method, headers, body })
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch (cause) {
    throw appError('request.malformed_json', { details: { reason: 'not UTF-8' }, cause })
  }
}
