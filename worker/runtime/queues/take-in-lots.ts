import type { Env } from '../../env.ts'
import type { TakenEntries } from '../inbox/inbox-object.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import type { InboxRefs } from './messages.ts'

/**
 * All entries of an inbox that are still to be done, as much data at a time as an answer takes. What has been given must be
 * done, or given up for now, before the next lot is asked for.
 */
export async function* takeInLots(env: Env, { organizationId, shard, refs }: InboxRefs): AsyncGenerator<TakenEntries> {
  let numbers = refs
  do {
    const taken = await inboxOf(env, organizationId, shard).take(organizationId, numbers)
    yield taken
    numbers = taken.left
  } while (numbers.length > 0)
}
