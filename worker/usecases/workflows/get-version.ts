import type { VersionId, WorkflowId } from '../../contract/id.ts'
import type { Version } from '../../contract/workflow.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** A version with its graph. Throws `version.not_found`. */
export async function getVersion(
  { scope, versions }: Pick<Context, 'scope' | 'versions'>,
  workflowId: WorkflowId,
  id: VersionId,
): Promise<Version> {
  requireCapability(scope, 'workflow.read')
  const version = await versions.find(workflowId, id)
  if (version === undefined) throw appError('version.not_found')
  return version
}
