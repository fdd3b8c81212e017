import type { Env } from '../../env.ts'
import type { TakenEntries } from '../inbox/inbox-object.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import type { InboxRefs } from './messages.ts'

/**
 * The entries of an inbox that are still to be done, in lots of as much data as one answer takes. Each lot must be done, or
 * put off, before the next one is asked for.
 */
export async function* takeInLots(env: Env, { organizationId, shard, refs }: InboxRefs): AsyncGenerator<TakenEntries> {
  let numbers = refs
  do {
    const taken = await inboxOf(env, organizationId, shard).take(organizationId, numbers)
    yield taken
    numbers = taken.left
  } while (numbers.length > 0)
}
