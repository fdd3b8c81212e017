import { ownChain, takenOver } from '../../causality/next-chain.ts'
import type { Chain } from '../../contract/cause.ts'
import type { ForkedExecution, ForkRequest } from '../../contract/fork.ts'
import type { ExecutionId, VersionId } from '../../contract/id.ts'
import { testLimits } from '../../contract/facts/workflow-test.ts'
import type { Version } from '../../contract/workflow.ts'
import { editedNames } from '../../engine/fork/edits.ts'
import { fold } from '../../engine/fold.ts'
import { forkJournal, whyNotForked, type Fork } from '../../engine/fork/fork-journal.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { inProduction } from '../../engine/turn.ts'
import { appError } from '../../lib/app-error.ts'
import { canonicalJson } from '../../lib/canonical-json.ts'
import { sha256Hex } from '../../lib/digest.ts'
import { executionIdFor, newId } from '../../lib/id.ts'
import { toJson } from '../../lib/to-json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { playFork } from '../../simulate/play-fork.ts'
import type { StoredWorkflow } from '../../store/workflows.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { toExecution } from '../executions/execution-view.ts'
import { planOfVersion } from '../executions/plan-of-version.ts'
import { refuseLoops } from '../executions/refuse-loops.ts'
import { requireJournal } from '../executions/require-journal.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'
import { actorsOf } from '../test/actors.ts'
import { requireNodes } from '../test/choose-graph.ts'
import { invalidEdits, readEdits } from './read-edits.ts'

type Origin = Awaited<ReturnType<typeof requireJournal>>

type Needs = Pick<
  Context,
  'scope' | 'workflows' | 'versions' | 'executions' | 'calendars' | 'forks' | 'runtime' | 'now' | 'cause'
>

/**
 * Executes an execution again from one of its steps, as an execution of its own. What lies before is kept and not done
 * again. With pretended effects it is played to its end here and only its record is kept.
 *
 * The same `idempotencyKey` with the same request finds the first fork again; with another it throws `hook.conflict`.
 * Throws `execution.not_found`, `execution.step_unknown`, `execution.not_forkable`, `execution.version_misfit`, `execution.pretended`,
 * `execution.loop_detected`,
 * `version.not_found`, `workflow.not_published`, `workflow.archived`, and `request.invalid` for edits nobody would read.
 */
export async function forkExecution(
  context: Needs,
  originId: ExecutionId,
  request: ForkRequest,
  idempotencyKey?: string,
): Promise<ForkedExecution> {
  const { scope, forks, runtime, now } = context
  requireCapability(scope, 'execution.fork')
  requireCapability(scope, 'execution.read_payload')
  const origin = await requireJournal(context, originId)
  const workflow = await requireWorkflow(context.workflows, origin.workflowId)
  const pretend = request.effects === 'pretend'
  if (workflow.summary.status === 'archived' && !pretend) throw appError('workflow.archived')
  const [before, version] = await versionsOf(context, workflow, origin.versionId, request.version)
  if (request.steps !== undefined) requireNodes(version.graph, nodesAt(request.steps))

  const at = now()
  const eventId = newId('event', at.getTime())
  const { organizationId } = scope
  const ownId = executionIdFor({ organizationId, workflowId: version.workflowId, nodeId: 'fork', eventId })
  const edits = readEdits(request.edits, origin.entries)
  const originPlan = await planOfVersion(context, before, workflow.summary.name)
  const plan = before === version ? originPlan : await planOfVersion(context, version, workflow.summary.name)
  if (!pretend) await refuseLoops(context, { executionId: ownId, workflowId: version.workflowId })
  const cause = pretend ? undefined : chainOfFork(origin, context.cause)
  const played = playedAs(origin.entries, originId)
  const fork = forkJournal(
    origin.entries,
    {
      executionId: originId,
      path: request.from,
      by: scope.userId,
      pretend,
      edits,
      cause,
      originPlan,
      plan,
      gates: pretend ? [] : await runtime.listSharedGates(organizationId),
      identity: pretend ? { executionId: played, mode: 'test' } : inProduction(ownId),
    },
    at.getTime(),
  )
  if (fork.kind !== 'forked') throw refusalOf(fork)

  const added = await forks.add({
    id: ownId,
    originId,
    path: request.from,
    effects: request.effects,
    edited: edits === undefined ? [] : editedNames(edits),
    forkedAt: at,
    eventId,
    requestKey: idempotencyKey === undefined ? ownId : `${scope.userId}:${idempotencyKey}`,
    requestHash: sha256Hex(canonicalJson(request)),
  })
  if (added.fork.requestHash !== sha256Hex(canonicalJson(request))) throw appError('hook.conflict')
  const { id: executionId } = added.fork
  const duplicate = !added.isNew
  // One that was asked for before may have been written down and never begun. One that has been is not begun again: it may
  // be over, and its object gone.
  const hasBegun = duplicate && (await (await context.executions()).listSummaries([executionId])).length > 0
  const entries = pretend
    ? [
        ...fork.entries,
        ...playFork(
          {
            plan,
            state: fork.state,
            executionId: played,
            recorded: fork.recorded,
            actors: actorsOf(version.graph, plan),
            steps: request.steps ?? {},
          },
          testLimits,
        ),
      ]
    : fork.entries
  const start = { organizationId, executionId, eventId: added.fork.eventId, acceptedAt: added.fork.forkedAt.getTime() }
  const about = { versionId: version.id, contactId: origin.contactId }
  if (!hasBegun) await runtime.beginFork({ ...start, ...about, entries, pretend })
  if (!pretend) return { executionId, duplicate }
  const { workflowId: id, number, graph } = version
  const facts = { ...start, workflow: { id, name: workflow.summary.name }, version: { id: version.id, number }, graph }
  return { executionId, duplicate, execution: toExecution(facts, entries) }
}

/** That of its origin; where a step of another execution asks for the fork, what that has led to. */
function chainOfFork({ entries, eventId }: Origin, asking: Chain | undefined): Chain {
  const { cause, sender } = fold(entries)
  const own = ownChain(cause, { eventId, sender })
  return asking === undefined ? own : takenOver(own, asking)
}

/** The version of the origin and the one to go on with: the same object where it is the same. */
async function versionsOf(
  { versions }: Pick<Context, 'versions'>,
  { summary, publishedVersionId }: StoredWorkflow,
  originVersionId: VersionId,
  wanted: ForkRequest['version'],
): Promise<[Version, Version]> {
  const before = await versions.find(summary.id, originVersionId)
  if (before === undefined) throw appError('version.not_found')
  if (wanted === 'latest' && publishedVersionId === undefined) throw appError('workflow.not_published')
  const id = wanted === 'same' ? originVersionId : wanted === 'latest' ? publishedVersionId! : wanted
  if (id === originVersionId) return [before, before]
  const version = await versions.find(summary.id, id)
  if (version === undefined) throw appError('version.not_found')
  return [before, version]
}

/**
 * As whom a pretended fork is played: chance is drawn by the name that the origin had, so that it goes as it went. One
 * that was itself pretended was played as its own origin.
 */
function playedAs(entries: readonly JournalEntry[], originId: ExecutionId): string {
  const pretended = entries.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'forked' && event.pretend === true ? [event.from.executionId] : [])),
  )
  return pretended[0] ?? originId
}

function nodesAt(steps: NonNullable<ForkRequest['steps']>): Record<string, string> {
  return Object.fromEntries(Object.keys(steps).map((node) => [`steps.${node}`, node]))
}

function refusalOf(fork: Exclude<Fork, { kind: 'forked' }>) {
  const message = whyNotForked(fork)
  switch (fork.kind) {
    case 'noSuchStep':
      return appError('execution.step_unknown')
    case 'afterwards':
    case 'undone':
      return appError('execution.not_forkable', { message })
    case 'pretended':
      return appError('execution.pretended', { message })
    case 'misfit':
      return appError('execution.version_misfit', { message, details: { misfits: toJson(fork.misfits) } })
    case 'invalid':
      return invalidEdits(fork.problems)
    default:
      return unreachable(fork)
  }
}
