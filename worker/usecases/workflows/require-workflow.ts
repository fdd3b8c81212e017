import type { WorkflowId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import type { StoredWorkflow, WorkflowStore } from '../../store/workflows.ts'

/** The workflow, or `workflow.not_found`: the same answer whether it does not exist or may not be seen. */
export async function requireWorkflow(workflows: Pick<WorkflowStore, 'find'>, id: WorkflowId): Promise<StoredWorkflow> {
  const stored = await workflows.find(id)
  if (stored === undefined) throw appError('workflow.not_found')
  return stored
}
