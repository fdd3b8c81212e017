import type { WorkflowId } from '../../contract/id.ts'
import type { Workflow } from '../../contract/workflow.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { presentChanged } from './present-workflow.ts'
import { requireWorkflow } from './require-workflow.ts'

/**
 * From here on nothing starts by the workflow's triggers; what runs goes on, and the configuration stays as it is.
 * When this has resolved, no event that comes later starts anything. Throws `workflow.not_published`,
 * `workflow.archived`.
 */
export async function pauseWorkflow(
  context: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'runtime' | 'now' | 'origin'>,
  id: WorkflowId,
): Promise<Workflow> {
  const { scope, workflows, runtime, now } = context
  requireCapability(scope, 'workflow.publish')
  const deed = { action: 'workflow.paused', targetId: id }
  const paused = await workflows.move(id, { from: ['active'], to: 'paused', at: now(), deed })
  const stored = paused ?? (await requireWorkflow(workflows, id))
  if (stored.summary.status === 'archived') throw appError('workflow.archived')
  if (stored.summary.status === 'draft') throw appError('workflow.not_published')
  await runtime.routesChanged(scope.organizationId)
  return presentChanged(context, stored)
}
