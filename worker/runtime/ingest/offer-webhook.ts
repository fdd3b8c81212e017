// offer-webhook
//
// A webhook that was received is offered to the organization's inbox: for all workflows behind its address, or with the one
// execution that it starts, whose end its sender may wait for.

import { failureOf, type Loop } from '../../causality/loop.ts'
import { longestAnswerMs } from '../../contract/facts/execution.ts'
import type { ExecutionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import { executionIdFor } from '../../lib/id.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { WebhookParams } from '../../nodes/trigger/webhook.ts'
import type { DedupeKey } from '../../triggers/webhook/index.ts'
import { judgeStart } from '../causality/judge-start.ts'
import type { WaitFor } from '../execution/settled.ts'
import type { Acceptance } from '../inbox/accept-together.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { isolateOf } from '../isolate.ts'
import type { ReadyVersion } from '../plans.ts'
import type { Dated, OpenHook } from '../routes/route-cache.ts'
import { webhookStarts, type Start } from '../routes/trigger-targets.ts'
import { acceptStart, leftToConsumer, offeredEvent, type Beginning, type StartOffer } from '../start/accept-start.ts'
import { beginInTurn } from '../start/begin-in-turn.ts'
import { dueStart } from '../start/play-at-once.ts'
import { answerAccepted, answerSettled } from './answer-hook.ts'
import { awaitExecution } from './await-execution.ts'

/**
 * Answers the sender as the hook's settings say, once the event is durable. `stale`: it was offered by routes that are not in
 * force any more, and nothing was taken. Throws `AppError`: `hook.not_found`, `hook.conflict`, `hook.failed`,
 * `request.too_large`, `service.unavailable`.
 */
export async function offerWebhook(
  env: Env,
  hook: Dated<OpenHook>,
  trigger: AcceptedTrigger,
  dedupe: DedupeKey,
): Promise<Response | 'stale'> {
  const { ready, targets } = hook.routes
  const starts = webhookStarts(targets)
  const [first] = starts
  if (ready === undefined || first === undefined) throw appError('hook.not_found')
  const startOffer: StartOffer = { trigger, ...dedupe, epochs: hook.epochs }
  if (starts.length > 1) return offerToAll(env, ready.settings, startOffer, starts)
  return ready.settings.respond === 'immediately'
    ? offerOne(env, ready.settings, startOffer, first)
    : offerAndWait(env, ready.settings, startOffer, first)
}

/** Nobody waits for what the event starts. */
async function offerToAll(
  env: Env,
  settings: WebhookParams,
  startOffer: StartOffer,
  starts: readonly Start[],
): Promise<Response | 'stale'> {
  const { trigger, key } = startOffer
  const { organizationId, eventId } = trigger
  const executionIds = starts.map(({ workflowId, nodeId }) =>
    executionIdFor({ organizationId, workflowId, nodeId, eventId }),
  )
  const acceptance = await isolateOf(env).acceptor.accept(organizationId, {
    key,
    write: () => offeredEvent(startOffer, executionIds, { kind: 'trigger', pending: JSON.stringify(trigger) }),
  })
  return acceptance.kind === 'accepted'
    ? answerAccepted(settings, eventId, executionIds, false)
    : answerKnown(settings, acceptance)
}

/** One execution, for whose end nobody waits. */
async function offerOne(
  env: Env,
  settings: WebhookParams,
  startOffer: StartOffer,
  start: Start,
): Promise<Response | 'stale'> {
  const { trigger } = startOffer
  const version = await isolateOf(env).plans.findInstant(trigger.organizationId, start.versionId)
  const due = dueStart(version, trigger, start)
  if (due === undefined) return offerToAll(env, settings, startOffer, [start])
  const result = await acceptStart(env, startOffer, due, { until: 'now' })
  return result.kind === 'started'
    ? answerAccepted(settings, trigger.eventId, [result.executionId], false)
    : answerKnown(settings, result)
}

/** The answer to an event that was not taken now: because it was before, or never will be as it is. */
function answerKnown(
  settings: WebhookParams,
  acceptance: Exclude<Acceptance, { kind: 'accepted' }>,
): Response | 'stale' {
  switch (acceptance.kind) {
    case 'stale':
      return 'stale'
    case 'conflict':
      throw appError('hook.conflict')
    case 'duplicate':
      return answerAccepted(settings, acceptance.id, JSON.parse(acceptance.answer) as ExecutionId[], true)
    default:
      return unreachable(acceptance)
  }
}

/** One execution, and the answer when it has come so far. */
async function offerAndWait(
  env: Env,
  settings: WebhookParams,
  startOffer: StartOffer,
  start: Start,
): Promise<Response | 'stale'> {
  const { trigger } = startOffer
  const { organizationId } = trigger
  const version = await isolateOf(env).plans.find(organizationId, start.versionId)
  if (version === undefined) return 'stale'
  const due = dueStart(version, trigger, start)
  const { beginning, loop } = due === undefined ? await judged(env, version, trigger, start) : { beginning: due }
  const wait: WaitFor = { until: settings.respond === 'node' ? 'responded' : 'finished', timeoutMs: longestAnswerMs }
  const result = await acceptStart(env, startOffer, beginning, wait)
  switch (result.kind) {
    case 'stale':
      return 'stale'
    case 'conflict':
      throw appError('hook.conflict')
    case 'duplicate': {
      const [executionId] = JSON.parse(result.answer) as [ExecutionId]
      const settled = await awaitExecution(env, organizationId, executionId, wait)
      return answerSettled(settings, { eventId: result.id, executionId, duplicate: true }, settled)
    }
    case 'started': {
      const ids = { eventId: trigger.eventId, executionId: result.executionId, duplicate: false }
      if (loop === undefined) return answerSettled(settings, ids, result.settled)
      return answerSettled(settings, ids, { status: 'skipped', failure: JSON.stringify(failureOf(loop)) })
    }
    default:
      return unreachable(result)
  }
}

/** How an execution begins that may do something to the outside, or ask somebody; with the loop for which it is not to begin. */
async function judged(
  env: Env,
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: Start,
): Promise<{ beginning: Beginning; loop?: Loop }> {
  const judgement = await judgeStart(env, version, trigger, start)
  if (judgement.kind === 'begin') return { beginning: await beginInTurn(env, version, trigger, start) }
  const beginning = leftToConsumer(trigger, version, start)
  return judgement.kind === 'refused' ? { beginning, loop: judgement.loop } : { beginning }
}
