/**
 * The request at the address people use. A proxy in front may hand it on under another host and without TLS; what is
 * said about origins, cookies and links then still fits what the browser sees. Without `origin`, as it came.
 *
 * Throws when `origin` is no scheme and host, such as `https://leat.example.com`.
 */
export function atPublicOrigin(request: Request, origin: string | undefined): Request {
  if (origin === undefined || origin === '') return request
  const at = URL.canParse(origin) ? new URL(origin) : undefined
  if (at === undefined || !/^https?:$/.test(at.protocol) || at.origin !== origin.replace(/\/$/, '')) {
    throw new Error(`LEAT_ORIGIN must be a scheme and a host, such as https://leat.example.com, and not “${origin}”.`)
  }
  const { origin: from } = new URL(request.url)
  return from === at.origin ? request : new Request(at.origin + request.url.slice(from.length), request)
}
