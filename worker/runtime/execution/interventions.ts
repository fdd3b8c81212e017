// interventions
//
// What people and workflows do to an execution from outside. Each is committed before it is answered, and where an inbox can
// be reached its record is on the way to D1 too, so that the sweeper finds the execution should its alarm be lost.

import { ownChain, takenOver } from '../../causality/next-chain.ts'
import type { Chain } from '../../contract/cause.ts'
import type { ExecutionEdits } from '../../contract/fork.ts'
import type { OrganizationId } from '../../contract/id.ts'
import type { ControlInput } from '../../engine/control/control.ts'
import type { GateRef, JournalEntry } from '../../engine/event.ts'
import { refusalOf, type Refusal } from '../../engine/control/may-control.ts'
import { editProblems } from '../../engine/fork/edits.ts'
import { canRedrive } from '../../engine/receive.ts'
import type { MigrationAnswer, MigrationWish, RedriveAnswer } from '../../usecases/ports.ts'
import type { Plans } from '../plans.ts'
import type { ExecutionLoop } from './execution-loop.ts'
import { judgeMigration } from './migrate-live.ts'

/** Whether it was there to take it. */
export type Taken = 'accepted' | 'finished' | 'not_found'

/** Commits the cancellation. */
export async function cancel(loop: ExecutionLoop, by: string, reason: string): Promise<Taken> {
  const live = loop.load()
  if (live === undefined) return 'not_found'
  const isOver = live.state.finished !== null
  if (!isOver) loop.turn({ type: 'cancel', by, reason })
  await loop.handOver()
  return isOver ? 'finished' : 'accepted'
}

/** Abandons what is going on and continues at a node; once per key, where one is given. */
export async function redirect(
  loop: ExecutionLoop,
  order: { by: string; node: string; reason: string; key?: string },
): Promise<Taken> {
  const contact = await loop.contactNow()
  const live = loop.load()
  if (live === undefined) return 'not_found'
  if (live.state.finished !== null) return 'finished'
  const { key } = order
  const wasFollowed = key !== undefined && wasRedirected(live.journal.after(0), key)
  if (!wasFollowed) loop.turn({ type: 'redirect', ...order }, contact)
  await loop.handOver()
  return 'accepted'
}

/** Whether this redirection was made before, and only its answer got lost. Reads the whole journal: redirections are few. */
function wasRedirected(entries: readonly JournalEntry[], key: string): boolean {
  return entries.some(({ events }) => events.some((event) => event.type === 'redirected' && event.key === key))
}

/** Pauses, resumes, skips, retries or jumps, if the execution allows it as it stands. */
export async function control(loop: ExecutionLoop, input: ControlInput): Promise<'accepted' | 'not_found' | Refusal> {
  const contact = await loop.contactNow()
  const live = loop.load()
  if (live === undefined) return 'not_found'
  const refusal = refusalOf(live, input)
  if (refusal === null) loop.turn(input, contact)
  await loop.handOver()
  return refusal ?? 'accepted'
}

/** Goes on with another version of its workflow; with `preview`, says whether it could. */
export async function migrate(
  loop: ExecutionLoop,
  plans: Plans,
  organizationId: OrganizationId,
  { by, workflowId, versionId, preview }: MigrationWish,
): Promise<MigrationAnswer> {
  const to = await plans.find(organizationId, versionId)
  const live = loop.load()
  if (to === undefined || live === undefined || live.header.workflow.id !== workflowId) return { kind: 'over' }
  const answer = judgeMigration(live, to)
  if (answer.kind !== 'movable' || preview) return answer
  loop.migrate(live, to, by)
  await loop.handOver()
  return { kind: 'moved' }
}

/** By whom, and how, a new generation is wanted. */
export interface RedriveWish {
  by: string
  /** The execution as D1 has it, JSON text. */
  init: string | undefined
  /** What is to be different in it, JSON text. */
  edits: string | undefined
  /** The chain of the step that asked for it, JSON text. */
  cause: string | undefined
  /** What it has to pass beside its workflow's own gate. */
  gates: readonly GateRef[]
}

/** A new generation. */
export async function redrive(
  loop: ExecutionLoop,
  { by, init, edits, cause, gates }: RedriveWish,
): Promise<RedriveAnswer> {
  const here = loop.load()
  const found = here ?? (init === undefined ? undefined : loop.preview(init))
  if (found === undefined) return 'not_found'
  if (found.state.finished === null) return 'not_finished'
  if (found.state.origin?.pretend === true) return 'pretended'
  const wanted = edits === undefined ? undefined : (JSON.parse(edits) as ExecutionEdits)
  const beginning = new Set(Object.keys(found.state.unfinished))
  const problems = wanted === undefined ? [] : editProblems(found, wanted, beginning)
  if (problems.length > 0) return { problems }
  if (!canRedrive(found.state)) return 'nothing_failed'
  if (here === undefined && init !== undefined) loop.restore(init)
  const live = loop.load()
  if (live === undefined) return 'not_found'
  const { header, state } = live
  const { generation } = state
  const chain = cause === undefined ? undefined : takenOver(ownChain(header.cause, header), JSON.parse(cause) as Chain)
  await loop.report({
    type: 'redrive',
    by,
    ...(wanted !== undefined && { edits: wanted }),
    ...(chain !== undefined && { cause: chain }),
    gates,
  })
  await loop.handOver()
  return live.state.generation > generation ? 'accepted' : 'nothing_failed'
}
