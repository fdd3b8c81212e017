import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import { sha256Hex } from '../../lib/digest.ts'
import { executionIdFor, newId } from '../../lib/id.ts'
import { toExecution } from '../../usecases/executions/execution-view.ts'
import type { StartRequest, Started } from '../../usecases/ports.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { acceptStart, leftToConsumer } from '../start/accept-start.ts'
import { beginInTurn } from '../start/begin-in-turn.ts'
import { judgeStart } from '../causality/judge-start.ts'
import { findExecution } from './find-execution.ts'
import { keyWindowMs } from '../inbox/admit.ts'
import { isolateOf } from '../isolate.ts'

/** Durably starts one execution of a version. Throws `version.not_found`, `hook.conflict` and `service.unavailable`. */
export async function startExecution(env: Env, request: StartRequest): Promise<Started> {
  const { organizationId, workflowId, versionId, trigger } = request
  const version = await isolateOf(env).plans.find(organizationId, versionId)
  if (version === undefined) throw appError('version.not_found')
  const accepted: AcceptedTrigger = {
    organizationId,
    eventId: newId('event'),
    at: Date.now(),
    source: { kind: 'start', workflowId, versionId, nodeId: trigger.nodeId, triggerKind: trigger.kind },
    data: trigger.data,
    ...(request.cause !== undefined && { cause: request.cause }),
  }
  const judgement = await judgeStart(env, version, accepted, trigger)
  const begun =
    judgement.kind === 'begin'
      ? await beginInTurn(env, version, accepted, trigger)
      : leftToConsumer(accepted, version, trigger)
  const key = request.idempotencyKey === undefined ? accepted.eventId : sha256Hex(request.idempotencyKey)
  const started = await acceptStart(
    env,
    {
      trigger: accepted,
      key: `start:${workflowId}:${key}`,
      windowMs: keyWindowMs,
      bodyHash: sha256Hex(JSON.stringify({ ...trigger, data: request.asked ?? trigger.data })),
    },
    begun,
    request.waitMs === undefined ? { until: 'now' } : { until: 'finished', timeoutMs: request.waitMs },
  )
  if (started.kind === 'conflict') throw appError('hook.conflict')
  if (started.kind === 'stale') throw appError('service.unavailable')
  const duplicate = started.kind === 'duplicate'
  const eventId = duplicate ? started.id : accepted.eventId
  const executionId = duplicate
    ? executionIdFor({ organizationId, workflowId, nodeId: trigger.nodeId, eventId })
    : started.executionId
  if (request.waitMs === undefined) return { eventId, executionId, duplicate }
  const execution =
    duplicate || begun.kind !== 'finished'
      ? await findExecution(env, organizationId, executionId)
      : toExecution(begun.init.header, begun.init.entries)
  return { eventId, executionId, duplicate, ...(execution === undefined ? {} : { execution }) }
}
