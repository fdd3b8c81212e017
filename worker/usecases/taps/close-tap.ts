import type { TapId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'
import { placeOf, type NeedsSource, type SourceAddress } from './find-source.ts'

/**
 * Stops listening, also where the trigger is not in the draft any more. What is over already is no error. Throws
 * `workflow.not_found`, and `hook.not_found` where there never was such a webhook.
 */
export async function closeTap(
  { scope, workflows, hooks, tapRuntime }: NeedsSource & Pick<Context, 'tapRuntime'>,
  { tapId, ...address }: SourceAddress & { tapId: TapId },
): Promise<void> {
  requireCapability(scope, 'workflow.write')
  const { kind, workflowId, nodeId } = address
  const [addresses] = await Promise.all([
    kind === 'hook' ? hooks.list(workflowId) : [],
    requireWorkflow(workflows, workflowId),
  ])
  const isThere = kind === 'event' || addresses.some((hook) => hook.nodeId === nodeId)
  if (!isThere) throw appError('hook.not_found')
  await tapRuntime.close(scope.organizationId, { id: tapId, place: placeOf(address) })
}
