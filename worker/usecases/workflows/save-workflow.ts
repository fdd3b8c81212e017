import type { WorkflowId } from '../../contract/id.ts'
import type { SaveWorkflowRequest, Workflow } from '../../contract/workflow.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { toDraft } from './draft.ts'
import { presentChanged } from './present-workflow.ts'
import { requireWorkflow } from './require-workflow.ts'

/**
 * Saves the draft that was edited from `revision`. What is left out stays. Throws `workflow.conflict` with the present
 * revision when somebody saved in between: then nothing of this save is kept.
 */
export async function saveWorkflow(
  context: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'origin' | 'now'>,
  id: WorkflowId,
  revision: number,
  { graph, name, description, visibility }: SaveWorkflowRequest,
): Promise<Workflow> {
  requireCapability(context.scope, 'workflow.write')
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(graph === undefined ? {} : { draft: await toDraft(graph) }),
  }
  const saved = await context.workflows.save(id, revision, changes, context.now())
  if (saved === undefined) {
    const present = await requireWorkflow(context.workflows, id)
    if (present.summary.status === 'archived') throw appError('workflow.archived')
    throw appError('workflow.conflict', { details: { revision: present.revision } })
  }
  return presentChanged(context, saved)
}
