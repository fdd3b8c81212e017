import type { TapId, WorkflowId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'
import type { NeedsHook } from './require-hook.ts'

/**
 * Stops listening, also where the webhook is not in the draft any more. What is over already is no error. Throws
 * `workflow.not_found`, `hook.not_found`.
 */
export async function closeTap(
  { scope, workflows, hooks, tapRuntime }: NeedsHook & Pick<Context, 'tapRuntime'>,
  { workflowId, nodeId, tapId }: { workflowId: WorkflowId; nodeId: string; tapId: TapId },
): Promise<void> {
  requireCapability(scope, 'workflow.write')
  const [addresses] = await Promise.all([hooks.list(workflowId), requireWorkflow(workflows, workflowId)])
  const hook = addresses.find((candidate) => candidate.nodeId === nodeId)
  if (hook === undefined) throw appError('hook.not_found')
  await tapRuntime.close(scope.organizationId, { id: tapId, hookKey: hook.key })
}
