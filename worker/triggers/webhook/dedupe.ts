import type { Json } from '../../contract/json.ts'
import { sha256Hex } from '../../lib/digest.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { toleranceMs } from './schemes/delivery.ts'
import { signedId } from './schemes/standard.ts'
import type { WebhookSettings } from './settings.ts'

/** By which two deliveries are one event. */
export interface DedupeKey {
  key: string
  /** How long the key counts, in ms. */
  windowMs: number
  /**
   * Equal for equal bodies. Where the key is an id that the provider gave the event, it is that id: the event is the
   * same even when a redelivery's body tells how often it was sent.
   */
  bodyHash: string
}

/** Providers redeliver for up to three days. */
export const idWindowMs = 7 * 86_400_000
/** Equal bodies without an id are one event only when they come right after each other. */
export const bodyWindowMs = 60_000
/** From the first moment a signed timestamp counts to its last. */
export const signedWindowMs = 2 * toleranceMs

/** Headers by which senders name an event so that a second delivery can be told: equal key, other body is a mistake. */
const senderKeys = ['idempotency-key', 'webhook-id', 'svix-id']

/** Headers by which providers name a delivery or an event; a redelivery has the same. */
const providerIds = [
  'x-github-delivery',
  'x-gitlab-event-uuid',
  'x-gitea-delivery',
  'x-shopify-webhook-id',
  'linear-delivery',
  'x-atlassian-webhook-identifier',
  'i-twilio-idempotency-token',
  'x-amz-sns-message-id',
  'ce-id',
]

/** Headers by lower-case name. Those of a request, or a map of them, which is cheaper to ask often. */
export interface NamedValues {
  get(name: string): string | null | undefined
}

export interface DedupeInput {
  /** The hook's key: ids of one hook mean nothing at another. */
  hookKey: string
  verification: WebhookSettings['verification']
  method: string
  /** As it stands in the address, with its `?`. */
  search: string
  headers: NamedValues
  bytes: Uint8Array
  body: Json
  /** The id that the workflow's own setting finds. It wins over ids that are only guessed. */
  chosenId?: string | undefined
}

/**
 * What the scheme signs counts before what anybody may write beside it: else one delivery that somebody got hold of
 * would be a new event as often as it is sent under another `Idempotency-Key`.
 */
export function dedupeKeyOf(input: DedupeInput): DedupeKey {
  const { verification, body, bytes, hookKey } = input
  switch (verification) {
    case 'standard':
      return bySender(input, `webhook-id:${signedId(input.headers)}`)
    case 'stripe':
    case 'slack': {
      const id = chosen(input) ?? idInBody(body)
      if (id !== null) return byId(input, id)
      const signed = sha256Hex(bytes)
      return { key: `${hookKey}/signed:${signed}`, windowMs: signedWindowMs, bodyHash: signed }
    }
    case 'github':
    case 'shopify':
    case 'hmac': {
      const id = chosen(input) ?? idInBody(body)
      return id === null ? bySaying(input) : byId(input, id)
    }
    case 'none':
    case 'basic':
    case 'header':
      return bySaying(input)
    default:
      return unreachable(verification)
  }
}

/** The first that is found: the sender's key, the workflow's choice, the provider's id, else the hash of the whole. */
function bySaying(input: DedupeInput): DedupeKey {
  const { hookKey, method, search, headers, bytes, body } = input
  const said = firstHeader(headers, senderKeys)
  if (said !== null) return bySender(input, said)
  const id = chosen(input) ?? firstHeader(headers, providerIds) ?? idInBody(body)
  if (id !== null) return byId(input, id)
  const whole = sha256Hex(`${method} ${search}\n`, bytes)
  return { key: `${hookKey}/body:${whole}`, windowMs: bodyWindowMs, bodyHash: whole }
}

function bySender({ hookKey, bytes }: DedupeInput, id: string): DedupeKey {
  return { key: keyFor(hookKey, id), windowMs: idWindowMs, bodyHash: sha256Hex(bytes) }
}

function byId({ hookKey }: DedupeInput, id: string): DedupeKey {
  return { key: keyFor(hookKey, id), windowMs: idWindowMs, bodyHash: id }
}

function chosen({ chosenId }: DedupeInput): string | null {
  return chosenId === undefined || chosenId === '' ? null : `chosen:${chosenId}`
}

function firstHeader(headers: NamedValues, names: readonly string[]): string | null {
  for (const name of names) {
    const value = headers.get(name)?.trim()
    if (value !== undefined && value !== '') return `${name}:${value}`
  }
  return null
}

/** Ids that stand in the body, where its shape leaves no doubt whose it is. */
function idInBody(body: Json): string | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const { object, id, type, event_id: eventId } = body
  if (object === 'event' && typeof id === 'string' && id.startsWith('evt_')) return `stripe:${id}`
  if (type === 'event_callback' && typeof eventId === 'string' && eventId.startsWith('Ev')) return `slack:${eventId}`
  return null
}

/** Keys are kept for days, so a long one is kept as its hash. */
function keyFor(hookKey: string, id: string): string {
  return `${hookKey}/${id.length <= 200 ? id : `sha256:${sha256Hex(id)}`}`
}
