import type { WorkflowId } from '../../contract/id.ts'
import type { Workflow } from '../../contract/workflow.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { presentChanged } from './present-workflow.ts'
import { requireWorkflow } from './require-workflow.ts'

/** Takes an archived workflow out again, paused if it was ever published. Any other stays as it is. */
export async function restoreWorkflow(
  context: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'now' | 'origin'>,
  id: WorkflowId,
): Promise<Workflow> {
  const { scope, workflows, now } = context
  requireCapability(scope, 'workflow.archive')
  const present = await requireWorkflow(workflows, id)
  const to = present.publishedVersionId === undefined ? 'draft' : 'paused'
  const deed = { action: 'workflow.restored', targetId: id }
  const restored = await workflows.move(id, { from: ['archived'], to, at: now(), deed })
  return presentChanged(context, restored ?? present)
}
