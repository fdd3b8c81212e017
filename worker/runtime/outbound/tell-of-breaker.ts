import type { Env } from '../../env.ts'
import { projectBreaker } from '../../store/breaker-projection.ts'
import { openDatabase } from '../../store/database.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { BreakerChange } from '../../outbound/breaker.ts'
import { eventOffer } from '../inbox/event-offer.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import { shardOf, type OutboundName } from '../names.ts'
import type { Letter } from './traffic-table.ts'

/**
 * Resolves when a change of a breaker is in the list of troubled hosts and the audit, and its event (`breaker.opened` or
 * `breaker.closed`) lies in an inbox. Doing it twice counts once.
 */
export async function tellOfBreaker(
  env: Env,
  { organizationId, connection, host }: OutboundName,
  letter: Letter,
): Promise<void> {
  const { seq, at, change, eventId, reason, since, until, byHand } = letter
  const happened = happenedBy(change)
  await projectBreaker(openDatabase(env.DB), {
    organizationId,
    connection: connection ?? '',
    host,
    seq,
    isOpen: change !== 'closed',
    reason,
    since,
    until,
    ...(happened !== null && byHand === undefined && { action: happened }),
  })
  if (happened === null) return
  const data = {
    host,
    reason,
    since: new Date(since).toISOString(),
    ...(change === 'opened' && { until: new Date(until).toISOString() }),
    ...(byHand === true && { byHand }),
  }
  const event = { eventId, type: happened, data, occurredAt: new Date(at).toISOString() }
  const { offer } = eventOffer(organizationId, event, Date.now())
  const taken = await inboxOf(env, organizationId, shardOf(offer.key)).acceptAll(organizationId, [
    { ...offer, answer: '[]' },
  ])
  if (taken.some(({ kind }) => kind === 'failed' || kind === 'stale'))
    throw new Error('an inbox did not take the event')
}

/** Staying open for longer is no news but to the list. */
function happenedBy(change: BreakerChange): 'breaker.opened' | 'breaker.closed' | null {
  switch (change) {
    case 'opened':
      return 'breaker.opened'
    case 'closed':
      return 'breaker.closed'
    case 'reopened':
      return null
    default:
      return unreachable(change)
  }
}
