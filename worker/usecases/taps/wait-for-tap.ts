import type { TapId, WorkflowId } from '../../contract/id.ts'
import type { TapNews, TapQuery } from '../../contract/tap.ts'
import { appError } from '../../lib/app-error.ts'
import type { Context } from '../context.ts'
import { requireHook, type NeedsHook } from './require-hook.ts'

/**
 * What has come to a tap, as soon as something new has. Asking is what keeps it listening. Throws as `requireHook` does, and
 * `tap.not_found`.
 */
export async function waitForTap(
  context: NeedsHook & Pick<Context, 'tapRuntime'>,
  { workflowId, nodeId, tapId }: { workflowId: WorkflowId; nodeId: string; tapId: TapId },
  { after, waitMs }: TapQuery,
): Promise<TapNews> {
  const { scope, tapRuntime } = context
  const { key, settings } = await requireHook(context, workflowId, nodeId)
  const news = await tapRuntime.wait(scope.organizationId, {
    id: tapId,
    hookKey: key,
    settings,
    after: after === undefined ? 0 : Date.parse(after),
    timeoutMs: waitMs,
  })
  if (news === undefined) throw appError('tap.not_found')
  return news
}
