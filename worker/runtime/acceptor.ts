// acceptor
//
// Offers events to inboxes. Events that come to one inbox while an offer is under way go together in the next, so that
// under load one call and one commit make many of them durable; one that comes alone does not wait. An inbox knows an
// event that it has taken by its id, so offering it again when an answer does not come is safe.

import type { OrganizationId } from '../contract/id.ts'
import { appError, type AppError } from '../lib/app-error.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { GroupCall, type GroupLimits } from '../lib/group-call.ts'
import type { Env } from '../env.ts'
import { fitsRow, mostRowBytes } from './inbox/fits-row.ts'
import type { Acceptance, OfferedEvent } from './inbox/accept-together.ts'
import { inboxOf } from './inboxes.ts'
import { inboxName, shardOf } from './names.ts'

/** A call takes 32 MB; a character may take three bytes. An inbox that has not answered by then may have died. */
const limits: GroupLimits<OfferedEvent> = {
  maxItems: 100,
  maxWeight: 4_000_000,
  weightOf: ({ pending, answer }) => pending.length + answer.length + 500,
  patienceMs: 2_000,
}
const maxInboxes = 2_000

export interface Acceptor {
  /**
   * Resolves when the event is durable, or when it is clear that it is not to be taken. Throws `AppError`
   * `request.too_large` for one that no inbox could ever keep, and `service.unavailable`.
   */
  accept(organizationId: OrganizationId, event: OfferedEvent): Promise<Acceptance>
}

export function createAcceptor(env: Env): Acceptor {
  const groups = new BoundedMap<string, GroupCall<OfferedEvent, Acceptance | { kind: 'failed' }>>(maxInboxes)

  function groupOf(organizationId: OrganizationId, shard: number) {
    const name = inboxName(organizationId, shard)
    const known = groups.get(name)
    if (known !== undefined) return known
    const group = new GroupCall(
      (events: OfferedEvent[]) => inboxOf(env, organizationId, shard).acceptAll(organizationId, events),
      limits,
    )
    groups.set(name, group)
    return group
  }

  return {
    async accept(organizationId, event) {
      if (!fitsRow(event.pending)) throw tooLarge()
      const acceptance = await groupOf(organizationId, shardOf(event.key)).run(event)
      if (acceptance.kind === 'failed') throw appError('service.unavailable')
      return acceptance
    },
  }
}

/** Written down, data can be longer than it came: of numbers such as `1e20` every digit is. */
function tooLarge(): AppError {
  return appError('request.too_large', {
    message: 'Written down with all of its digits, this is larger than allowed.',
    details: { what: 'size when stored', limit: mostRowBytes },
  })
}
