import { isTerminal } from '../../contract/facts/execution.ts'
import type { Graph } from '../../contract/graph.ts'
import type { ExecutionId, WorkflowId } from '../../contract/id.ts'
import type { ExecutionProgress } from '../../contract/progress.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { appError } from '../../lib/app-error.ts'
import { historyLimits, learn } from '../../progress/history.ts'
import { progressOf, type Yardstick } from '../../progress/progress.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireExecution } from '../executions/require-execution.ts'
import type { NumberedVersion } from './choose-examples.ts'
import { findExamples } from './find-examples.ts'
import { leadsToIn } from './leads-to.ts'

type Needs = Pick<
  Context,
  'scope' | 'workflows' | 'versions' | 'executions' | 'runtime' | 'nodes' | 'yardsticks' | 'now'
>

/** How much is read of journals for a history, in characters: of all, and of one. */
const readFor = { characters: 2_000_000, largest: 600_000 }

/** How far an execution has come, and how long it is likely to go on. Throws `execution.not_found`. */
export async function getProgress(context: Needs, id: ExecutionId): Promise<ExecutionProgress> {
  const { scope, runtime, versions, now } = context
  requireCapability(scope, 'execution.read')
  const found = await requireExecution(context, id)
  const { workflowId, versionId, versionNumber } = 'live' in found ? found.live : found.stored.summary
  const journal =
    'live' in found
      ? ((await runtime.findJournal(scope.organizationId, id)) ?? [])
      : (JSON.parse(found.stored.journal) as JournalEntry[])
  const at = now()
  const { status } = 'live' in found ? found.live : found.stored.summary
  const yardstick = isTerminal(status)
    ? nothing
    : await yardstickOf(context, workflowId, { id: versionId, number: versionNumber }, async () => {
        if ('live' in found) return found.live.graph
        const version = await versions.find(workflowId, versionId)
        if (version === undefined) throw appError('version.not_found')
        return version.graph
      })
  return { executionId: id, at: at.toISOString(), ...progressOf(journal, yardstick, at.getTime()) }
}

/** What has finished is not measured by anything. */
const nothing: Yardstick = { history: learn([]), version: { number: 0, isOwn: true }, leadsTo: () => null }

async function yardstickOf(
  context: Needs,
  workflowId: WorkflowId,
  version: NumberedVersion,
  graphOf: () => Promise<Graph>,
): Promise<Yardstick> {
  const name = `${context.scope.organizationId}|${version.id}`
  const known = context.yardsticks.get(name)
  if (known !== undefined) return known
  const found = await findYardstick(context, workflowId, version, graphOf)
  context.yardsticks.set(name, found)
  return found
}

async function findYardstick(
  { executions, nodes, now }: Needs,
  workflowId: WorkflowId,
  own: NumberedVersion,
  graphOf: () => Promise<Graph>,
): Promise<Yardstick> {
  const store = await executions()
  const { ids, version, isOwn } = await findExamples(store, workflowId, own, now().getTime())
  const newest = ids.slice(0, historyLimits.executions)
  const texts = newest.length === 0 ? [] : await store.readJournals(newest, readFor)
  return {
    history: learn(texts.map((text) => JSON.parse(text) as JournalEntry[])),
    version: { number: version.number, isOwn },
    leadsTo: leadsToIn(await graphOf(), nodes.describe()),
  }
}
