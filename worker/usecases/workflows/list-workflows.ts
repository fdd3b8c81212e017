import type { Page } from '../../contract/error.ts'
import type { WorkflowListQuery, WorkflowSummary } from '../../contract/workflow.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The workflows the caller sees, most recently changed first. */
export async function listWorkflows(
  { scope, workflows }: Pick<Context, 'scope' | 'workflows'>,
  query: WorkflowListQuery,
): Promise<Page<WorkflowSummary>> {
  requireCapability(scope, 'workflow.read')
  return workflows.list(query)
}
