// create-egress
//
// The one way out. Nothing else in this program calls `fetch`, so what holds here holds everywhere:
//
//   E1. Every hop is checked against the address policy before it is made; redirects are followed by hand for that.
//   E2. Every body is read to its end or cancelled: a forgotten one would keep a connection.
//   E3. What is thrown is a `RetryableError`, a `TerminalError`, or the reason with which the caller aborted; and no
//       message holds the query of an address.

import { causeHeader } from '../contract/cause.ts'
import { isCredentialHeader } from '../lib/credential-header.ts'
import { RetryableError, TerminalError } from '../lib/step-errors.ts'
import type { EgressRequest, EgressResponse } from '../nodes/define.ts'
import { checkAddress, isAllowed, parseAllowList, type AddressPolicy } from './address.ts'
import { cleanHeaders, receivedHeaders } from './headers.ts'
import { readCapped } from './read-capped.ts'
import { redirected, redirectTarget, type Hop } from './redirect.ts'

export const egressLimits = { redirects: 5, responseBytes: 10 * 1024 * 1024, requestBytes: 10 * 1024 * 1024 } as const

/**
 * Sends one request out. Throws as E3 says; an answer of any status is an answer. `cause` is the token by which our own
 * hooks know what the request came of.
 */
export type Egress = (request: EgressRequest, signal: AbortSignal, cause?: string) => Promise<EgressResponse>

/** Says to who passes requests on that this one went through us (RFC 8586). */
const loopName = 'leat'

export interface EgressOptions {
  /** `host:port` pairs opened by the operator (`LEAT_EGRESS_ALLOW`), for `https` and `http`. */
  allow?: readonly string[]
  /** Hosts this installation answers at: a workflow may not call them. */
  ownHosts?: readonly string[]
  /** Sent as `User-Agent` where the request has none. */
  userAgent?: string
  fetch?: typeof fetch
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Builds the way out once per isolate. Throws when an entry of `allow` is not `host:port`. */
export function createEgress(options: EgressOptions = {}): Egress {
  const policy: AddressPolicy = { allow: parseAllowList(options.allow ?? []), ownHosts: options.ownHosts ?? [] }
  const userAgent = options.userAgent ?? 'Leat/1'
  // Called as a plain function: in workerd `fetch` refuses to be a method of anything else.
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))

  return async (request, signal, cause) => {
    let hop = firstHop(request, policy, userAgent)
    hop.headers.set('cdn-loop', loopName)
    if (cause !== undefined) hop.headers.set(causeHeader, cause)
    const maxRedirects = Math.min(request.maxRedirects ?? egressLimits.redirects, egressLimits.redirects)
    const maxBytes = Math.min(request.maxResponseBytes ?? egressLimits.responseBytes, egressLimits.responseBytes)

    for (let redirects = 0; ; redirects++) {
      signal.throwIfAborted()
      const response = await translated(hop.url, signal, () =>
        send(hop.url.href, {
          method: hop.method,
          headers: hop.headers,
          redirect: 'manual',
          signal,
          ...(hop.body === undefined ? {} : { body: hop.body as BodyInit }),
        }),
      )
      const location = redirectTarget(response)
      if (location === null || maxRedirects === 0) {
        const body = await translated(hop.url, signal, () => readCapped(response, maxBytes))
        return { status: response.status, headers: receivedHeaders(response.headers), body, url: hop.url.href }
      }
      await response.body?.cancel()
      if (redirects >= maxRedirects) {
        throw new TerminalError('egress.too_many_redirects', `The answer was the ${redirects + 1}th redirect in a row.`)
      }
      hop = redirected(hop, response.status, nextAddress(hop, location, policy))
    }
  }
}

function firstHop(request: EgressRequest, policy: AddressPolicy, userAgent: string): Hop {
  const method = request.method.toUpperCase()
  if (!methods.has(method)) {
    throw new TerminalError('egress.invalid_method', `The method must be one of ${[...methods].join(', ')}.`)
  }
  const url = checkAddress(request.url, policy)
  const headers = cleanHeaders(request.headers)
  if (url.protocol === 'http:' && !isAllowed(url, policy) && [...headers.keys()].some(isCredentialHeader)) {
    throw new TerminalError('egress.insecure_credentials', 'Credentials are sent over https only.')
  }
  if (!headers.has('user-agent')) headers.set('user-agent', userAgent)
  if (request.body !== undefined && request.body.length > egressLimits.requestBytes) {
    throw new TerminalError('egress.request_too_large', `The body is larger than ${egressLimits.requestBytes} bytes.`)
  }
  // `fetch` refuses a body here; a workflow that sends one should hear so in our words.
  if (request.body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw new TerminalError('egress.invalid_method', `A ${method} request can not have a body.`)
  }
  return { url, method, headers, body: request.body }
}

function nextAddress(hop: Hop, location: string, policy: AddressPolicy): URL {
  const target = URL.parse(location, hop.url)
  if (target === null) throw new TerminalError('egress.invalid_redirect', 'The answer redirects to no address.')
  const url = checkAddress(target.href, policy)
  if (hop.url.protocol === 'https:' && url.protocol === 'http:' && !isAllowed(url, policy)) {
    throw new TerminalError('egress.refused_address', 'The answer redirects from https to http.')
  }
  return url
}

/** E3: gives what `fetch` and its streams throw a name. */
async function translated<T>(url: URL, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof TerminalError) throw error
    if (signal.aborted) throw timedOut(signal.reason) ? timeout(url, error) : signal.reason
    throw new RetryableError('egress.unreachable', `Could not reach ${url.host}: ${causeOf(error)}.`, { cause: error })
  }
}

function timeout(url: URL, cause: unknown): RetryableError {
  return new RetryableError('egress.timeout', `${url.host} did not answer in time.`, { cause })
}

function timedOut(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}

/** A word for what went wrong. The platform's own message may hold the address, so it is not passed on. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'ECONNREFUSED':
      return 'it refused the connection'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name could not be resolved'
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'the connection broke'
    case 'CERT_HAS_EXPIRED':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is not valid'
    default:
      return 'the connection failed'
  }
}
