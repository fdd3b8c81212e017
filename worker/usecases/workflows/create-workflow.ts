import { emptyGraph } from '../../contract/facts/graph.ts'
import type { CreateWorkflowRequest, Workflow } from '../../contract/workflow.ts'
import { newId } from '../../lib/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { toDraft } from './draft.ts'
import { presentChanged } from './present-workflow.ts'

/** Makes a draft that belongs to the caller, seen by them alone unless they say otherwise. */
export async function createWorkflow(
  context: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'origin' | 'now'>,
  { name, description = '', visibility = 'own', graph = emptyGraph }: CreateWorkflowRequest,
): Promise<Workflow> {
  requireCapability(context.scope, 'workflow.write')
  const at = context.now()
  const id = newId('workflow', at.getTime())
  const draft = await toDraft(graph)
  return presentChanged(context, await context.workflows.create({ id, name, description, visibility, draft, at }))
}
