import { isCredentialHeader } from '../lib/credential-header.ts'

/** A request on its way: what one hop sends. */
export interface Hop {
  url: URL
  method: string
  headers: Headers
  body: string | Uint8Array | undefined
}

/** Where an answer sends us, or null when it is an answer. */
export function redirectTarget(response: Response): string | null {
  return [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null
}

/**
 * The request that a redirect asks for: 303 (and, as browsers do, a POST met with 301 or 302) becomes a GET without a
 * body; at another origin nothing that speaks for somebody is sent along.
 */
export function redirected(hop: Hop, status: number, url: URL): Hop {
  const asGet = becomesGet(hop, status)
  const headers = new Headers(hop.headers)
  for (const name of hop.headers.keys()) {
    if (asGet && name.startsWith('content-')) headers.delete(name)
    if (url.origin !== hop.url.origin && isCredentialHeader(name)) headers.delete(name)
  }
  return asGet ? { url, method: 'GET', headers, body: undefined } : { ...hop, url, headers }
}

/** Whether a redirect says that the request was taken, and what came of it is to be got elsewhere. */
export function becomesGet({ method }: Hop, status: number): boolean {
  return (
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST')
  )
}
