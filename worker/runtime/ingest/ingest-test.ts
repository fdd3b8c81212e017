// ingest-test
//
// What comes to a hook behind which nothing is live: whoever listens there in a builder receives it, to test with. It starts
// nothing, and its sender is told so; while nobody listens, there is no such address.

import type { HookKey, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { AppError, appError } from '../../lib/app-error.ts'
import { hookResponse, receiveWebhook, type ReceiveInput } from '../../triggers/webhook/index.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import { isolateOf } from '../isolate.ts'
import { shardOf } from '../names.ts'

export interface TestPlace {
  organizationId: OrganizationId
  hookKey: HookKey
}

/** Answers a request that starts nothing. Throws `AppError`: what receiving throws, and `hook.not_found` where nobody listens. */
export async function ingestTest(
  env: Env,
  place: TestPlace,
  input: Pick<ReceiveInput, 'request' | 'search' | 'secrets' | 'now' | 'kept'>,
): Promise<Response> {
  const { organizationId, hookKey } = place
  const inbox = tapsOf(env, place)
  const settings = await inbox.tapSettings(organizationId, hookKey)
  if (settings === undefined) throw appError('hook.not_found')
  let received
  try {
    received = await receiveWebhook({ ...input, settings, hookKey })
  } catch (refusal) {
    await tellOfRefusal(env, place, input.request, refusal)
    throw refusal
  }
  if (received.kind === 'handshake') return hookResponse(received.response)
  const { trigger } = received
  const isHeard = await inbox.hear(organizationId, hookKey, { at: input.now, outcome: 'test', trigger })
  if (!isHeard) throw appError('hook.not_found')
  const message = 'Received in the builder as a test. It started nothing: the workflow is not live.'
  return hookResponse({ status: 200, headers: {}, body: { success: true, data: { test: true, message } } })
}

/**
 * Says to whoever listens at a hook that a request was not taken, and what its sender was told: not what was in it. Helps, and is
 * nothing more: it never fails, and is left out where too much is refused.
 */
export async function tellOfRefusal(
  env: Env,
  place: TestPlace,
  { method }: Pick<Request, 'method'>,
  refusal: unknown,
): Promise<void> {
  if (!(refusal instanceof AppError) || !isolateOf(env).mayTellOfRefusal(place.hookKey)) return
  const { code, status, message, details } = refusal
  const reason = typeof details === 'object' && details !== null && 'reason' in details ? details.reason : undefined
  const told = {
    at: new Date().toISOString(),
    method,
    status,
    code,
    message,
    ...(typeof reason === 'string' && { reason }),
  }
  try {
    await tapsOf(env, place).refuse(place.organizationId, place.hookKey, told)
  } catch (error) {
    console.warn({ message: 'refusal not told', organizationId: place.organizationId, error: String(error) })
  }
}

function tapsOf(env: Env, { organizationId, hookKey }: TestPlace) {
  return inboxOf(env, organizationId, shardOf(hookKey))
}
