import { tapLimits } from '../../contract/facts/tap.ts'
import type { Tap } from '../../contract/tap.ts'
import { appError } from '../../lib/app-error.ts'
import { newId } from '../../lib/id.ts'
import type { Context } from '../context.ts'
import { hookUrl } from '../workflows/present-workflow.ts'
import { findSource, type NeedsSource, type SourceAddress } from './find-source.ts'

/**
 * Listens at a trigger of the draft for what comes next. Throws as `findSource` does, and `workflow.invalid` where the trigger's params
 * cannot be used.
 */
export async function openTap(
  context: NeedsSource & Pick<Context, 'tapRuntime' | 'recordDeed' | 'origin' | 'now'>,
  address: SourceAddress,
): Promise<Tap> {
  const { scope, tapRuntime, recordDeed, origin, now } = context
  const { place, hears } = await findSource(context, address)
  if (hears === undefined) throw appError('workflow.invalid')
  const { workflowId, nodeId } = address
  const at = now().getTime()
  const id = newId('tap', at)
  const until = at + tapLimits.listensMs
  await recordDeed(
    hears.kind === 'hook'
      ? { action: 'hook.tapped', targetId: workflowId, details: { nodeId } }
      : { action: 'event.tapped', targetId: workflowId, details: { nodeId, eventType: hears.eventType } },
  )
  await tapRuntime.open(scope.organizationId, { id, place, hears, until })
  const expiresAt = new Date(until).toISOString()
  return hears.kind === 'hook'
    ? { id, nodeId, url: hookUrl(origin, hears.hookKey), expiresAt }
    : { id, nodeId, expiresAt }
}
