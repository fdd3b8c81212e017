import type { Json } from '#contract/json.ts'
import { organizationHeader } from '#contract/facts/organization.ts'
import { ApiError, isAbort } from './api-error.ts'

// The one way to the API. It speaks the envelope, so that callers see data or an `ApiError`, and nothing in between.
//
// 1. Reading is tried again when the network or the server stumbled; writing never is: only the caller knows whether
//    doing it twice is harmless.
// 2. The server's answer is of the same release as this app, so its data is taken at its type, not parsed again.
// 3. `auth.required` tells everybody who listens that the session is over, besides being thrown.
// 4. Once told which organization the page shows, every request says so. One that is refused because another organization
//    is open by now, or because of what its member may do, tells everybody who listens: they may be no member any more,
//    or another one than the page knows.

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON. */
  body?: object
  /** What is undefined or empty is left out; a list is joined by commas. */
  query?: Record<string, string | number | readonly string[] | undefined>
  /** The revision this change is based on. */
  ifMatch?: number
  /** The caller's own name for the request: sent twice it is done once. */
  idempotencyKey?: string
  signal?: AbortSignal | undefined
  /** Of whichever organization is open in this browser. */
  anywhere?: boolean
}

export interface Client {
  /** Asks for `path` under `/api/v2`. Throws `ApiError`, or `AbortError` when the signal said so. */
  request<Data>(path: string, request?: ApiRequest): Promise<Data>
  /** Calls back each time the server no longer knows who is asking. Gives what stops it. */
  onSignedOut(listener: () => void): () => void
  /** The page shows this organization from now on; undefined for none. */
  show(organizationId: string | undefined): void
  /**
   * Calls back when a refusal says that the member is not who the page takes them for: another organization than the one
   * shown is open, or they may not do what the page let them do. Gives what stops it.
   */
  onMoved(listener: () => void): () => void
}

export interface ClientDependencies {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  sleep: (ms: number) => Promise<void>
}

const retryDelaysMs = [300, 1_200]
const stumbles = new Set([502, 503, 504])
const longestWaitMs = 5_000
const moves = new Set(['auth.other_organization', 'auth.no_organization', 'auth.forbidden'])

export function createClient({ fetch, sleep }: ClientDependencies): Client {
  const listeners = new Set<() => void>()
  const movedListeners = new Set<() => void>()
  let shown: string | undefined

  async function attempt<Data>(path: string, request: ApiRequest): Promise<Data> {
    const askedFor = request.anywhere === true ? undefined : shown
    const response = await reach(fetch, path, request, askedFor)
    const envelope = await readEnvelope(response)
    if (envelope.success) return envelope.data as Data
    const { code, message, details } = envelope.error
    if (code === 'auth.required') for (const listener of listeners) listener()
    // A request of before the page itself moved on says nothing new.
    if (moves.has(code) && askedFor !== undefined && askedFor === shown)
      for (const listener of movedListeners) listener()
    throw new ApiError({ code, message, status: response.status, details, requestId: envelope.metadata.requestId })
  }

  return {
    async request<Data>(path: string, request: ApiRequest = {}): Promise<Data> {
      const isRead = (request.method ?? 'GET') === 'GET'
      for (const delayMs of isRead ? retryDelaysMs : []) {
        try {
          return await attempt<Data>(path, request)
        } catch (error) {
          if (!(error instanceof ApiError) || !isStumble(error)) throw error
          await sleep(Math.min(delayMs, longestWaitMs))
          request.signal?.throwIfAborted()
        }
      }
      return attempt<Data>(path, request)
    },

    onSignedOut(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    show(organizationId) {
      shown = organizationId
    },

    onMoved(listener) {
      movedListeners.add(listener)
      return () => movedListeners.delete(listener)
    },
  }
}

function isStumble({ code, status }: ApiError): boolean {
  return code === 'network.unreachable' || stumbles.has(status)
}

async function reach(
  fetch: ClientDependencies['fetch'],
  path: string,
  { method = 'GET', body, query, ifMatch, idempotencyKey, signal }: ApiRequest,
  organizationId: string | undefined,
): Promise<Response> {
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(organizationId === undefined ? {} : { [organizationHeader]: organizationId }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }
  try {
    return await fetch(`/api/v2${path}${queryText(query)}`, init)
  } catch (error) {
    if (isAbort(error)) throw error
    const message = 'The server cannot be reached. Check the connection and try again.'
    throw new ApiError({ code: 'network.unreachable', message, status: 0 }, { cause: error })
  }
}

export function queryText(query: ApiRequest['query'] = {}): string {
  const pairs = Object.entries(query)
    .map(([key, value]) => [key, Array.isArray(value) ? value.join(',') : String(value ?? '')] as const)
    .filter(([, value]) => value !== '')
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([key, value]) => [key, value])).toString()}`
}

type Envelope =
  | { success: true; data: unknown }
  | { success: false; error: { code: string; message: string; details: Json }; metadata: { requestId: string } }

async function readEnvelope(response: Response): Promise<Envelope> {
  let cause: unknown
  try {
    const body: unknown = await response.json()
    if (isEnvelope(body)) return body
  } catch (error) {
    if (isAbort(error)) throw error
    cause = error
  }
  const { status } = response
  const message =
    status >= 500
      ? `The server cannot answer at the moment (${status}). Try again shortly.`
      : `The server answered ${status} with something this page does not understand. Try again in a moment.`
  throw new ApiError({ code: 'network.garbled', message, status }, { cause })
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'success' in body && ('data' in body || 'error' in body)
}

export const client = createClient({
  fetch: (url, init) => globalThis.fetch(url, init),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})
