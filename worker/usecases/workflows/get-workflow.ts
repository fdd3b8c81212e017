import type { WorkflowId } from '../../contract/id.ts'
import type { Workflow } from '../../contract/workflow.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { presentWorkflow } from './present-workflow.ts'
import { requireWorkflow } from './require-workflow.ts'

/** The workflow with its draft. Throws `workflow.not_found`. */
export async function getWorkflow(
  { scope, workflows, hooks, origin }: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'origin'>,
  id: WorkflowId,
): Promise<Workflow> {
  requireCapability(scope, 'workflow.read')
  const [stored, addresses] = await Promise.all([requireWorkflow(workflows, id), hooks.list(id)])
  return presentWorkflow(stored, addresses, origin)
}
