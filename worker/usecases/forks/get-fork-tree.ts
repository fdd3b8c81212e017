import type { ForkTree, ForkTreeNode } from '../../contract/fork.ts'
import { maxTreeNodes } from '../../contract/facts/fork.ts'
import type { ExecutionId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireExecution } from '../executions/require-execution.ts'

/** The tree of forks an execution is in, with how each of them stands. Throws `execution.not_found`. */
export async function getForkTree(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'forks' | 'runtime'>,
  id: ExecutionId,
): Promise<ForkTree> {
  requireCapability(context.scope, 'execution.read')
  await requireExecution(context, id)
  const rootId = await context.forks.rootOf(id)
  const rows = await context.forks.listTree(rootId, maxTreeNodes)
  const shown = rows.slice(0, maxTreeNodes - 1)
  const known = await (await context.executions()).listSummaries([rootId, ...shown.map(({ fork }) => fork.id)])
  const summaries = new Map(known.map((summary) => [summary.id, summary]))
  const standing = (executionId: ExecutionId): ForkTreeNode => {
    const summary = summaries.get(executionId)
    if (summary === undefined) return { executionId }
    return { executionId, status: summary.status, versionNumber: summary.versionNumber }
  }
  const nodes = shown.map(({ fork, name }): ForkTreeNode => {
    const { originId, path, effects, forkedBy: userId, forkedAt, edited } = fork
    const by = { userId, ...(name !== null && { name }) }
    const origin = { executionId: originId, path, effects, by, at: forkedAt.toISOString(), edited }
    return { ...standing(fork.id), origin }
  })
  return { rootId, nodes: [standing(rootId), ...nodes], more: rows.length > shown.length }
}
