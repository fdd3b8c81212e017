import type { WorkflowId } from '../../contract/id.ts'
import type { Workflow } from '../../contract/workflow.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { presentChanged } from './present-workflow.ts'
import { requireWorkflow } from './require-workflow.ts'

/** Puts the workflow away: it starts nothing and cannot be edited until it is restored. Its past stays. */
export async function archiveWorkflow(
  context: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'runtime' | 'now' | 'origin'>,
  id: WorkflowId,
): Promise<Workflow> {
  const { scope, workflows, runtime, now } = context
  requireCapability(scope, 'workflow.archive')
  const deed = { action: 'workflow.archived', targetId: id }
  const archived = await workflows.move(id, { from: ['draft', 'active', 'paused'], to: 'archived', at: now(), deed })
  const stored = archived ?? (await requireWorkflow(workflows, id))
  await runtime.routesChanged(scope.organizationId)
  return presentChanged(context, stored)
}
