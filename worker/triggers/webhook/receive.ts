// receive
//
// From a request to a trigger: method, size, signature, parsing and the key by which a second delivery is told, in this
// order, so that nothing unproven is parsed. Storing it is the caller's.

import { causeHeader } from '../../contract/facts/cause.ts'
import type { WebhookTrigger } from '../../contract/trigger.ts'
import type { HookResponse } from '../../engine/behaviour.ts'
import { appError } from '../../lib/app-error.ts'
import { bodyTypeOf } from './body-type.ts'
import { dedupeKeyOf, type DedupeKey } from './dedupe.ts'
import { handshakeAnswer } from './handshake.ts'
import { parseBody } from './parse-body.ts'
import { readBody } from './read-body.ts'
import type { WebhookSettings } from './settings.ts'
import { webhookTrigger } from './trigger-value.ts'
import { verifyDelivery } from './verify.ts'

export interface ReceiveInput {
  request: Request
  /** The query as it stands in the address, with its `?`; empty when there is none. */
  search: string
  settings: WebhookSettings
  /** The hook's key: part of the key by which deliveries are told apart. */
  hookKey: string
  /** In clear; the previous one while it still counts. Empty when the hook has none. */
  secrets: readonly string[]
  /** Epoch ms. */
  now: number
  /** Keeps the decoded body for another call on the same request, whose body can be read only once. */
  kept?: KeptBody | undefined
  /** Finds the provider's own id of the event, where the workflow says where it is. */
  chooseId?: ((trigger: WebhookTrigger) => string | undefined) | undefined
}

export interface KeptBody {
  /** Absent until it was read. */
  bytes?: Uint8Array
}

export type Received =
  /** `cause`: the token by which a request of ours says what it came of. */
  | { kind: 'trigger'; trigger: WebhookTrigger; dedupe: DedupeKey; cause?: string | undefined }
  /** The provider asks whether we are who it thinks: answer, start nothing. */
  | { kind: 'handshake'; response: HookResponse }

/**
 * Throws `AppError`: `hook.method_not_allowed`, `hook.unauthorized`, and what reading the body throws
 * (`request.too_large`, `request.malformed_json`, `request.invalid`, `request.unsupported_media_type`).
 */
export async function receiveWebhook(input: ReceiveInput): Promise<Received> {
  const { request, search, settings, hookKey, secrets, now, kept = {} } = input
  if (!settings.methods.includes(request.method)) {
    throw appError('hook.method_not_allowed', { details: { allowed: [...settings.methods] } })
  }
  const { headers } = request
  const named = new Map(headers)
  const bytes = (kept.bytes ??= await readBody(request, named))
  const refusal = await verifyDelivery(settings, { headers, body: bytes, secrets, now })
  if (refusal !== null) {
    const challenge = settings.verification === 'basic' ? { challenge: 'Basic realm="hook", charset="UTF-8"' } : {}
    throw appError('hook.unauthorized', { details: { reason: refusal, ...challenge } })
  }

  const body = await parseBody(bytes, bodyTypeOf(settings.verification, bytes, named.get('content-type') ?? null))
  const response = handshakeAnswer(settings, body)
  if (response !== null) return { kind: 'handshake', response }

  const secretHeader = settings.verification === 'header' ? settings.tokenHeader : undefined
  const trigger = webhookTrigger({ method: request.method, search, headers: named, body, secretHeader })
  const chosenId = input.chooseId?.(trigger)
  const dedupe = dedupeKeyOf({
    hookKey,
    verification: settings.verification,
    method: request.method,
    search,
    headers: named,
    bytes,
    body,
    chosenId,
  })
  return { kind: 'trigger', trigger, dedupe, cause: named.get(causeHeader) }
}
