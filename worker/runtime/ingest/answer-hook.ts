import { gateKinds } from '../../contract/facts/concurrency.ts'
import { isTerminal } from '../../contract/facts/execution.ts'
import type { Failure } from '../../contract/failure.ts'
import type { EventId, ExecutionId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { AcceptedEvent } from '../../contract/trigger.ts'
import type { HookResponse } from '../../engine/behaviour.ts'
import { appError } from '../../lib/app-error.ts'
import type { WebhookParams } from '../../nodes/trigger/webhook.ts'
import { hookResponse } from '../../triggers/webhook/index.ts'
import type { Settled } from '../execution/settled.ts'

/** What the sender may quote when it asks us. */
export interface HookIds {
  eventId: EventId
  executionId: ExecutionId
  /** The event came before, and this is what became of it then. */
  duplicate: boolean
}

/** The answer to an event that was stored and whose end nobody waits for. */
export function answerAccepted(
  { responseStatus, responseBody }: WebhookParams,
  eventId: EventId,
  executionIds: ExecutionId[],
  duplicate: boolean,
): Response {
  const [only] = executionIds
  const accepted: AcceptedEvent = {
    eventId,
    executionIds,
    duplicate,
    ...(executionIds.length === 1 && only !== undefined ? { executionId: only } : {}),
  }
  const body: Json = responseBody ?? { success: true, data: accepted as unknown as Json }
  return hookResponse({ status: duplicate ? 200 : responseStatus, headers: {}, body }, idHeaders(eventId, only))
}

/** The answer to an event whose execution was waited for: what a node answered, or what came out, or how far it is. */
export function answerSettled(settings: WebhookParams, ids: HookIds, settled: Settled): Response {
  return hookResponse(toResponse(settings, ids, settled), idHeaders(ids.eventId, ids.executionId))
}

/** Ends after which there is nothing that a sender waited for. */
const hasNoAnswer: ReadonlySet<string> = new Set(['failed', 'timed_out', 'cancelled', 'skipped'])

/** Why a gate of the workflow did not let it through, where that is why it was skipped. */
function atGate({ failure }: Settled): Pick<Failure, 'code' | 'message'> | undefined {
  if (failure === undefined) return undefined
  const { code, message } = JSON.parse(failure) as Failure
  return gateKinds.some((gate) => code.startsWith(`${gate}.`)) ? { code, message } : undefined
}

function toResponse({ respond, finishedBody }: WebhookParams, ids: HookIds, settled: Settled): HookResponse {
  const { eventId, executionId, duplicate } = ids
  if (respond === 'node' && settled.response !== undefined) return JSON.parse(settled.response) as HookResponse
  if (settled.status === 'unknown' || !isTerminal(settled.status)) {
    // It is stored and goes on: the sender need not send it again.
    const data = { eventId, executionId, executionIds: [executionId], duplicate, status: settled.status }
    const headers = { location: `/api/v2/executions/${executionId}` }
    return { status: 202, headers, body: { success: true, data } }
  }
  const skipped = settled.status === 'skipped' ? atGate(settled) : undefined
  if (skipped !== undefined) {
    // Taken and not executed, as the workflow says: sending it again would change nothing.
    const data = { eventId, executionId, duplicate, status: settled.status, ...skipped }
    return { status: 200, headers: {}, body: { success: true, data } }
  }
  if (hasNoAnswer.has(settled.status)) {
    const failure = settled.failure === undefined ? undefined : (JSON.parse(settled.failure) as Failure)
    throw appError('hook.failed', {
      message: `The workflow ended as ${settled.status} before it answered.`,
      details: {
        eventId,
        executionId,
        status: settled.status,
        ...(failure === undefined ? {} : { code: failure.code }),
      },
    })
  }
  const output = settled.output === undefined ? null : (JSON.parse(settled.output) as Json)
  const data = { eventId, executionId, duplicate, status: settled.status }
  if (respond === 'node') return { status: 200, headers: {}, body: { success: true, data } }
  switch (finishedBody) {
    case 'output':
      return { status: 200, headers: {}, body: output }
    case 'execution':
      return { status: 200, headers: {}, body: { success: true, data: { ...data, output } } }
    case 'none':
      return { status: 204, headers: {}, body: null }
  }
}

function idHeaders(eventId: string, executionId: string | undefined): Record<string, string> {
  return {
    'x-leat-event-id': eventId,
    ...(executionId === undefined ? {} : { 'x-leat-execution-id': executionId }),
  }
}
