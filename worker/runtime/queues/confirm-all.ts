import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import type { InboxRefs } from './messages.ts'

/**
 * Tells inboxes that these entries are done, with one call per inbox. An inbox that was not reached sends its entries again,
 * which does no harm.
 */
export async function confirmAll(env: Env, entries: readonly InboxRefs[]): Promise<void> {
  const groups = Map.groupBy(entries, ({ organizationId, shard }) => `${organizationId}:${shard}`)
  const calls = [...groups.values()].map((group) => {
    const { organizationId, shard } = group[0] as { organizationId: OrganizationId; shard: number }
    const refs = group.flatMap((entry) => entry.refs)
    return inboxOf(env, organizationId, shard).confirm(organizationId, refs)
  })
  for (const result of await Promise.allSettled(calls)) {
    if (result.status === 'rejected') console.error({ message: 'entries not confirmed', error: String(result.reason) })
  }
}
