import { tapLimits } from '../../contract/facts/tap.ts'
import type { WorkflowId } from '../../contract/id.ts'
import type { Tap } from '../../contract/tap.ts'
import { appError } from '../../lib/app-error.ts'
import { newId } from '../../lib/id.ts'
import type { Context } from '../context.ts'
import { hookUrl } from '../workflows/present-workflow.ts'
import { requireHook, type NeedsHook } from './require-hook.ts'

/**
 * Listens at a webhook of the draft for the next request. Throws as `requireHook` does, and `workflow.invalid` where the
 * webhook's settings cannot be used.
 */
export async function openTap(
  context: NeedsHook & Pick<Context, 'tapRuntime' | 'recordDeed' | 'origin' | 'now'>,
  workflowId: WorkflowId,
  nodeId: string,
): Promise<Tap> {
  const { scope, tapRuntime, recordDeed, origin, now } = context
  const { key, settings } = await requireHook(context, workflowId, nodeId)
  if (settings === undefined) throw appError('workflow.invalid')
  const at = now().getTime()
  const id = newId('tap', at)
  const until = at + tapLimits.listensMs
  await recordDeed({ action: 'hook.tapped', targetId: workflowId, details: { nodeId } })
  await tapRuntime.open(scope.organizationId, { id, hookKey: key, settings, until })
  return { id, nodeId, url: hookUrl(origin, key), expiresAt: new Date(until).toISOString() }
}
