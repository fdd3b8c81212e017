import type { Heard } from '../../engine/behaviour.ts'
import type { Env } from '../../env.ts'
import { matchesEventType } from '../../triggers/event-match.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { bringToContact } from '../contact/begin-enrolled.ts'
import { isolateOf } from '../isolate.ts'
import { waitersOf } from './waiter-stub.ts'

/**
 * Gives an accepted event to the waiter objects of its contact and organization, for steps that wait for it or will look
 * back at it; resolves when it is durable there. Costs nothing where no workflow of the organization waits for events of
 * its type. `routesAt` is the epoch in force in the inbox: what is remembered of an earlier one is read anew.
 */
export async function wakeWaiters(
  env: Env,
  trigger: AcceptedTrigger,
  routesAt?: { shard: number; epoch: string },
): Promise<void> {
  const { organizationId, source, eventId, at, data, contactId } = trigger
  if (source.kind !== 'event') return
  const { routes } = isolateOf(env)
  let waits = await routes.listEventWaits(organizationId)
  const isOld = routesAt !== undefined && waits.epochs[routesAt.shard] !== routesAt.epoch
  if (isOld) waits = await routes.listEventWaits(organizationId, true)

  const { eventType: type } = source
  if (contactId !== undefined && waits.routes.some(({ byEnrolled }) => byEnrolled === true))
    await bringToContact(env, trigger, contactId, routesAt)
  const wanted = waits.routes.filter(({ match, byEnrolled }) => byEnrolled !== true && matchesEventType(match, type))
  const keepers: (string | null)[] = wanted.some(({ ofContact }) => !ofContact) ? [null] : []
  if (contactId !== undefined && wanted.some(({ ofContact }) => ofContact)) keepers.push(contactId)
  if (keepers.length === 0) return
  const heard: Heard = { id: eventId, type, at, data }
  const event = JSON.stringify(heard)
  await Promise.all(keepers.map((contact) => waitersOf(env, organizationId, contact).hear(organizationId, event)))
}
