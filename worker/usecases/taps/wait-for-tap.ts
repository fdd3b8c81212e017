import type { TapId } from '../../contract/id.ts'
import type { TapNews, TapQuery } from '../../contract/tap.ts'
import { appError } from '../../lib/app-error.ts'
import { toJson } from '../../lib/to-json.ts'
import { readyEvent } from '../../nodes/trigger/ready-event.ts'
import type { Context } from '../context.ts'
import { findSource, type NeedsSource, type SourceAddress } from './find-source.ts'

/**
 * What has come to a tap, as soon as something new has. Asking is what keeps it listening. Throws as `findSource` does, and
 * `tap.not_found`.
 */
export async function waitForTap(
  context: NeedsSource & Pick<Context, 'tapRuntime'>,
  address: SourceAddress & { tapId: TapId },
  { after, waitMs }: TapQuery,
): Promise<TapNews> {
  const { scope, tapRuntime } = context
  const { place, node, hears } = await findSource(context, address)
  const news = await tapRuntime.wait(scope.organizationId, {
    id: address.tapId,
    place,
    hears,
    after: after === undefined ? 0 : Date.parse(after),
    timeoutMs: waitMs,
  })
  if (news === undefined) throw appError('tap.not_found')
  if (news.state !== 'received' || address.kind !== 'event') return news
  return { ...news, meetsConditions: readyEvent(node.params)(toJson(news.trigger), Date.parse(news.receivedAt)) }
}
