import type { ExecuteRequest, StartedExecution } from '../../contract/execution.ts'
import { longestAnswerMs } from '../../contract/facts/execution.ts'
import type { Graph } from '../../contract/graph.ts'
import type { VersionId, WorkflowId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { newId } from '../../lib/id.ts'
import { toJson } from '../../lib/to-json.ts'
import type { StoredWorkflow } from '../../store/workflows.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { hasErrors } from '../workflows/find-problems.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'
import { startNode } from './start-node.ts'
import { triggerData } from './trigger-data.ts'

/** Any that is always the same. */
const noMoment = new Date(0)

type Needs = Pick<Context, 'scope' | 'workflows' | 'versions' | 'nodes' | 'runtime' | 'recordDeed' | 'now' | 'cause'>

/**
 * Starts one execution of the live version or of the draft, which is frozen first. The same `idempotencyKey` with the
 * same input finds the first execution again; with another input it throws `hook.conflict`. The answer holds the
 * execution when the caller waits, finished or as far as it came.
 */
export async function executeWorkflow(
  context: Needs,
  id: WorkflowId,
  request: ExecuteRequest,
  idempotencyKey?: string,
): Promise<StartedExecution> {
  const { scope, workflows, runtime, recordDeed, now, cause } = context
  requireCapability(scope, 'workflow.execute')
  if (request.wait) requireCapability(scope, 'execution.read_payload')
  const stored = await requireWorkflow(workflows, id)
  if (stored.summary.status === 'archived') throw appError('workflow.archived')

  const { versionId, graph } = await pin(context, stored, request.version)
  const node = startNode(graph, request.trigger)
  const started = await runtime.start({
    organizationId: scope.organizationId,
    workflowId: id,
    versionId,
    trigger: { nodeId: node.id, kind: 'manual', data: triggerData(node, request.input, now()) },
    ...(idempotencyKey === undefined
      ? {}
      : {
          idempotencyKey: `${scope.userId}:${idempotencyKey}`,
          asked: triggerData(node, request.input, noMoment),
        }),
    ...(request.wait ? { waitMs: longestAnswerMs } : {}),
    cause,
  })
  if (!started.duplicate) {
    const details = { executionId: started.executionId, eventId: started.eventId, versionId }
    await recordDeed({ action: 'workflow.executed', targetId: id, details })
  }
  return started
}

async function pin(
  { versions, nodes, now }: Needs,
  stored: StoredWorkflow,
  wanted: ExecuteRequest['version'],
): Promise<{ versionId: VersionId; graph: Graph }> {
  const { id } = stored.summary
  if (wanted === 'published') {
    const versionId = stored.publishedVersionId
    const version = versionId === undefined ? undefined : await versions.find(id, versionId)
    if (version === undefined) throw appError('workflow.not_published')
    return { versionId: version.id, graph: version.graph }
  }
  const problems = nodes.validate(stored.graph)
  if (hasErrors(problems)) throw appError('workflow.invalid', { details: { problems: toJson(problems) } })
  const at = now()
  const frozen = await versions.freeze(id, stored.revision, newId('version', at.getTime()), at)
  if (frozen === undefined) throw appError('workflow.conflict')
  return { versionId: frozen.id, graph: stored.graph }
}
