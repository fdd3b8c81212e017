// judge-start
//
// Whether an execution may begin, as far as loops go. Decided where it begins, before its gates and its contact are asked.
//
//   J1. A start costs nothing here where its event has no cause and its workflow does nothing to the outside.
//   J2. A start whose event has a cause is counted with all that the same first event led to, by the object of that chain.
//   J3. A start without a known cause, of a workflow that does act, may be part of a loop whose trace was lost. It is counted
//       in the isolate that consumes it, and only what comes again and again is counted in one place for all.
//   J4. The same holds for a change that a program made to a contact. What people change in the app is not counted.

import { loopIn, type Loop } from '../../causality/loop.ts'
import { RepeatFilter } from '../../causality/repeat-filter.ts'
import { isChangeByProgram, type MaybeChange, sameChange } from '../../causality/same-change.ts'
import type { Chain } from '../../contract/cause.ts'
import type { ExecutionId, OrganizationId, WorkflowId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { Env } from '../../env.ts'
import { canonicalJson } from '../../lib/canonical-json.ts'
import { shortHash } from '../../lib/digest.ts'
import { executionIdFor } from '../../lib/id.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { beginExecution } from '../start/begin-execution.ts'
import { failureOf } from '../../causality/loop.ts'
import type { ReadyVersion } from '../plans.ts'
import type { Start } from '../routes/trigger-targets.ts'
import { chainOf } from './chain-stub.ts'
import type { RefusedStart } from './tell-of-refusals.ts'

/** `held`: not yet, and perhaps never. */
export type Judgement = { kind: 'begin' } | { kind: 'held' } | { kind: 'refused'; loop: Loop }

const begin: Judgement = { kind: 'begin' }

/** Whether anything has to be asked at all (J1). */
export function mayLoop({ acts }: Pick<ReadyVersion, 'acts'>, trigger: AcceptedTrigger): boolean {
  const { cause, source } = trigger
  if (cause === undefined) return acts === true && source.kind !== 'start'
  return cause.depth > 0 || (acts === true && isChangeByProgram(changeOf(trigger)))
}

/** The trigger as a change of a contact, as far as it is one. */
function changeOf({ source, contactId, cause, data }: AcceptedTrigger): MaybeChange {
  return { eventType: source.kind === 'event' ? source.eventType : '', contactId, cause, data }
}

/** Throws when who counts cannot be reached. */
export async function judgeStart(
  env: Env,
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: Pick<Start, 'nodeId'>,
): Promise<Judgement> {
  if (!mayLoop(version, trigger)) return begin
  const { cause, organizationId, at } = trigger
  const id = idOf(version, trigger, start)
  return cause === undefined || cause.depth === 0
    ? judgeRepeat(env, version, trigger, id)
    : judgeInChain(env, { organizationId, executionId: id, at, chain: cause, loop: loopIn(cause, version.workflow.id) })
}

/** As `judgeStart`, for an execution that another one calls. */
export function judgeCall(
  env: Env,
  { workflow }: Pick<ReadyVersion, 'workflow'>,
  call: { organizationId: OrganizationId; executionId: ExecutionId; at: number; chain: Chain },
): Promise<Judgement> {
  return judgeInChain(env, { ...call, loop: loopIn(call.chain, workflow.id, { isCall: true }) })
}

/** As `judgeStart`, for a step that has an execution forked or tried again. Null where that is no loop. */
export async function judgeAsked(
  env: Env,
  organizationId: OrganizationId,
  { executionId, workflowId, cause }: { executionId: ExecutionId; workflowId: WorkflowId; cause: Chain },
  at: number,
): Promise<Loop | null> {
  const loop = loopIn(cause, workflowId)
  const judgement = await judgeInChain(env, { organizationId, executionId, at, chain: cause, loop })
  return judgement.kind === 'refused' ? judgement.loop : null
}

async function judgeInChain(
  env: Env,
  {
    organizationId,
    executionId,
    at,
    chain,
    loop,
  }: { organizationId: OrganizationId; executionId: ExecutionId; at: number; chain: Chain; loop: Loop | null },
): Promise<Judgement> {
  if (loop !== null) return { kind: 'refused', loop }
  const isAdmitted = await chainOf(env, organizationId, chain.root).admit(organizationId, executionId, at)
  const { root, depth, path } = chain
  return isAdmitted ? begin : { kind: 'refused', loop: { rule: 'descendants', root, depth, path } }
}

const came = new RepeatFilter<readonly [ExecutionId, number]>()

async function judgeRepeat(
  env: Env,
  { workflow }: ReadyVersion,
  trigger: AcceptedTrigger,
  id: ExecutionId,
): Promise<Judgement> {
  const { organizationId, at } = trigger
  const change = changeOf(trigger)
  const isChange = isChangeByProgram(change)
  const same = isChange ? sameChange(change) : payloadOf(trigger.data)
  const root = `repeat:${workflow.id}:${shortHash(canonicalJson(same))}`
  const repeating = came.note(`${organizationId} ${root}`, [id, at], at)
  if (repeating === undefined) return begin
  const answer = await chainOf(env, organizationId, root).repeat(organizationId, repeating, isChange)
  return answer === 'refused'
    ? { kind: 'refused', loop: { rule: 'repeats', root, depth: 0, path: [] } }
    : { kind: answer }
}

/** What counts as the same: not when it came, under which name, or with which headers. */
function payloadOf(data: Json): Json {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  const { id: _id, occurredAt: _occurredAt, headers: _headers, ...payload } = data
  return payload
}

function idOf(
  { workflow }: ReadyVersion,
  { organizationId, eventId }: AcceptedTrigger,
  { nodeId }: Pick<Start, 'nodeId'>,
): ExecutionId {
  return executionIdFor({ organizationId, workflowId: workflow.id, nodeId, eventId })
}

/** The record of an execution that was refused. Resolves when it is durable that people will hear of it. */
export async function refuseStart(
  env: Env,
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: Start,
  loop: Loop,
): Promise<ExecutionRecord> {
  const { organizationId, eventId, at } = trigger
  const begun = beginExecution(version, trigger, start, { refusal: failureOf(loop) })
  const { workflow } = version
  const executionId = idOf(version, trigger, start)
  await noteRefusal(env, organizationId, { executionId, workflow, nodeId: start.nodeId, eventId, at, loop })
  if (begun.kind === 'open') throw new Error('a refused execution goes on')
  return begun.record
}

/** Sees to it that people hear of a refusal; resolves when that is durable. Twice is once. */
export async function noteRefusal(env: Env, organizationId: OrganizationId, refused: RefusedStart): Promise<void> {
  await chainOf(env, organizationId, refused.loop.root).refused(organizationId, JSON.stringify(refused))
}
