import type { Page } from '../../contract/error.ts'
import type { WorkflowId } from '../../contract/id.ts'
import type { VersionSummary } from '../../contract/workflow.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireWorkflow } from './require-workflow.ts'

/** A workflow's published versions, newest first. */
export async function listVersions(
  { scope, workflows, versions }: Pick<Context, 'scope' | 'workflows' | 'versions'>,
  workflowId: WorkflowId,
  query: { cursor?: string | undefined; limit: number },
): Promise<Page<VersionSummary>> {
  requireCapability(scope, 'workflow.read')
  await requireWorkflow(workflows, workflowId)
  return versions.list(workflowId, query)
}
