// acceptor
//
// Offers events to inboxes. Events that come to one inbox while an offer is under way go together in the next, so that
// under load one call and one commit make many of them durable; one that comes alone does not wait. An inbox knows an
// event that it has taken by its id, so offering it again when an answer does not come is safe.

import type { OrganizationId } from '../../contract/id.ts'
import { appError, type AppError } from '../../lib/app-error.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import { GroupCall, type GroupLimits } from '../../lib/group-call.ts'
import type { Env } from '../../env.ts'
import { fitsRow, mostRowBytes } from './fits-row.ts'
import type { Acceptance, OfferedEvent } from './accept-together.ts'
import type { PlayedRow } from './inbox-object.ts'
import { inboxOf } from './inbox-stub.ts'
import { inboxName, shardOf } from '../names.ts'

/** A call takes 32 MB; a character may take three bytes. An inbox that has not answered within `patienceMs` may have died. */
const limits: GroupLimits<OfferedEvent> = {
  maxItems: 100,
  maxWeight: 4_000_000,
  weightOf: ({ pending, answer }) => pending.length + answer.length + 500,
  patienceMs: 2_000,
}
const playedLimits: GroupLimits<PlayedRow> = { ...limits, weightOf: ({ text }) => text.length + 100 }
const maxInboxes = 2_000

export interface Acceptor {
  /**
   * Resolves when the event is durable, or when it is clear that it is not to be taken. Throws `AppError`
   * `request.too_large` for one that no inbox could ever keep, and `service.unavailable`.
   */
  accept(organizationId: OrganizationId, event: OfferedEvent): Promise<Acceptance>
  /**
   * Puts what was played of an execution in place of the direct event that began it. False: a consumer has begun the event,
   * or may have, so it is not its caller's to play any more. Resolves when it is durable.
   */
  replace(organizationId: OrganizationId, shard: number, row: PlayedRow): Promise<boolean>
  /** How many events wait to become durable now, of all that this isolate takes. */
  waiting(): number
}

export function createAcceptor(env: Env): Acceptor {
  const offers = new BoundedMap<string, GroupCall<OfferedEvent, Acceptance | { kind: 'failed' }>>(maxInboxes)
  const played = new BoundedMap<string, GroupCall<PlayedRow, boolean>>(maxInboxes)

  function offersOf(organizationId: OrganizationId, shard: number) {
    return groupOf(offers, inboxName(organizationId, shard), () => {
      const offer = (events: OfferedEvent[]) => inboxOf(env, organizationId, shard).acceptAll(organizationId, events)
      return new GroupCall(offer, limits)
    })
  }

  function playedOf(organizationId: OrganizationId, shard: number) {
    return groupOf(played, inboxName(organizationId, shard), () => {
      const replace = (rows: PlayedRow[]) => inboxOf(env, organizationId, shard).replaceAll(organizationId, rows)
      return new GroupCall(replace, playedLimits)
    })
  }

  let waiting = 0

  return {
    async accept(organizationId, event) {
      if (!fitsRow(event.pending)) throw tooLarge()
      waiting += 1
      try {
        const acceptance = await offersOf(organizationId, shardOf(event.key)).run(event)
        if (acceptance.kind === 'failed') throw appError('service.unavailable')
        return acceptance
      } finally {
        waiting -= 1
      }
    },

    waiting: () => waiting,

    replace: (organizationId, shard, row) => playedOf(organizationId, shard).run(row),
  }
}

function groupOf<Group>(groups: BoundedMap<string, Group>, name: string, create: () => Group): Group {
  let group = groups.get(name)
  if (group === undefined) groups.set(name, (group = create()))
  return group
}

/** Written down, data can be longer than it came: of numbers such as `1e20` every digit is. */
function tooLarge(): AppError {
  return appError('request.too_large', {
    message: 'Written down with all of its digits, this is larger than allowed.',
    details: { what: 'size when stored', limit: mostRowBytes },
  })
}
