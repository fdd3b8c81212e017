// create-egress
//
// The one way out. Nothing else in this program calls `fetch`, so what holds here holds everywhere:
//
//   E1. Every hop is checked against the address policy before it is made; redirects are followed by hand for that.
//   E2. Every body is read to its end or cancelled: a forgotten one would keep a connection.
//   E3. What is thrown is a `RetryableError`, a `TerminalError`, or the reason with which the caller aborted; and no
//       message holds the query of an address.
//   E4. Whether the other side may have got the request is told as it changes, so that it is known of calls that are cut
//       off as well. What is told is decided in `lib/sent.ts`; here is only found out how far a call came.

import { causeHeader } from '../contract/facts/cause.ts'
import type { Sent } from '../contract/failure.ts'
import { isCredentialHeader } from '../lib/credential-header.ts'
import { furthest, type Stage, sentAt, sentByRedirect } from '../lib/sent.ts'
import { TerminalError } from '../lib/step-errors.ts'
import type { EgressRequest, EgressResponse } from '../nodes/define.ts'
import { checkAddress, isAllowed, parseAllowList, type AddressPolicy } from './address.ts'
import { callError, saysNotConnected } from './call-error.ts'
import { cleanHeaders, receivedHeaders } from './headers.ts'
import { readCapped } from './read-capped.ts'
import { becomesGet, redirected, redirectTarget, type Hop } from './redirect.ts'
import { watchedBody } from './watched-body.ts'

export const egressLimits = { redirects: 5, responseBytes: 10 * 1024 * 1024, requestBytes: 10 * 1024 * 1024 } as const

/** Hears whether the other side may have got a request, each time that something else is known of it. */
export type TellSent = (sent: Sent) => void

/**
 * Sends one request out. Throws as E3 says; an answer of any status is an answer. `cause` is the token by which our own
 * hooks know what the request came of.
 */
export type Egress = (
  request: EgressRequest,
  signal: AbortSignal,
  tell?: TellSent,
  cause?: string,
) => Promise<EgressResponse>

/** Says to who passes requests on that this one went through us (RFC 8586). */
const loopName = 'leat'

export interface EgressOptions {
  /** `host:port` pairs opened by the operator (`LEAT_EGRESS_ALLOW`), for `https` and `http`. */
  allow?: readonly string[]
  /** Hosts this installation answers at: a workflow may not call them. */
  ownHosts?: readonly string[]
  /** Sent as `User-Agent` where the request has none. */
  userAgent?: string
  /** By what is called what is public; the platform's `fetch` by default. */
  fetch?: typeof fetch
  /** By what is called what `allow` opens; what is public as well by default. */
  fetchAllowed?: typeof fetch
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Builds the way out once per isolate. Throws when an entry of `allow` is not `host:port`. */
export function createEgress(options: EgressOptions = {}): Egress {
  const policy: AddressPolicy = { allow: parseAllowList(options.allow ?? []), ownHosts: options.ownHosts ?? [] }
  const userAgent = options.userAgent ?? 'Leat/1'
  // Called as a plain function: in workerd `fetch` refuses to be a method of anything else.
  const fetchPublic: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))
  const fetchAllowed = options.fetchAllowed ?? fetchPublic

  return async (request, signal, tell, cause) => {
    tell?.(sentAt.checked)
    let hop = firstHop(request, policy, userAgent)
    hop.headers.set('cdn-loop', loopName)
    if (cause !== undefined) hop.headers.set(causeHeader, cause)
    const maxRedirects = Math.min(request.maxRedirects ?? egressLimits.redirects, egressLimits.redirects)
    const maxBytes = Math.min(request.maxResponseBytes ?? egressLimits.responseBytes, egressLimits.responseBytes)

    /** What is known of the hops before this one. */
    let before: Sent = sentAt.checked
    let stage: Stage = 'checked'
    const reach = (next: Stage) => {
      stage = next
      tell?.(furthest(before, sentAt[next]))
    }

    for (let redirects = 0; ; redirects++) {
      signal.throwIfAborted()
      const current = hop
      reach('opening')
      // An answer may come before the end of the request is taken.
      const init = initOf(current, () => hop === current && stage === 'opening' && reach('gone'))
      const send = isAllowed(current.url, policy) ? fetchAllowed : fetchPublic
      const response = await send(current.url.href, { ...init, signal }).catch((error: unknown) => {
        if (saysNotConnected(error)) reach('opening')
        throw callError(error, current.url, { signal, stage })
      })
      const location = redirectTarget(response)
      if (location === null || maxRedirects === 0) {
        reach('answering')
        try {
          const body = await readCapped(response, maxBytes)
          const headers = receivedHeaders(response.headers)
          reach('answered')
          return { status: response.status, headers, body, url: current.url.href }
        } catch (error) {
          // It came, and is given up by us.
          if (error instanceof TerminalError) reach(response.ok ? 'unreadable' : 'answered')
          throw callError(error, current.url, { signal, stage })
        }
      }
      stage = 'answered'
      before = sentByRedirect(before, becomesGet(current, response.status))
      tell?.(before)
      await response.body?.cancel()
      if (redirects >= maxRedirects) {
        throw new TerminalError('egress.too_many_redirects', `The answer was the ${redirects + 1}th redirect in a row.`)
      }
      hop = redirected(current, response.status, nextAddress(current, location, policy))
    }
  }
}

/** What `fetch` is given of a hop. `whenGone` is called once the request may go out whole. */
function initOf({ method, headers, body }: Hop, whenGone: () => void): RequestInit {
  const init: RequestInit = { method, headers, redirect: 'manual' }
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const watched = bytes === undefined ? undefined : watchedBody(bytes, whenGone)
  if (watched === undefined) whenGone()
  const sends = watched ?? bytes
  return sends === undefined ? init : { ...init, body: sends as BodyInit }
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
    throw new TerminalError('egress.invalid_method', `A ${method} request cannot have a body.`)
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
