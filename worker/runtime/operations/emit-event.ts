import type { Cause } from '../../contract/cause.ts'
import type { OrganizationId, UserId } from '../../contract/id.ts'
import type { AcceptedEvent, EventRequest } from '../../contract/trigger.ts'
import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import { executionIdFor, newId } from '../../lib/id.ts'
import { contactOf } from '../contact/contact-stub.ts'
import { eventOffer } from '../inbox/event-offer.ts'
import { isolateOf } from '../isolate.ts'
import { eventStarts } from '../routes/trigger-targets.ts'

/**
 * Durably accepts an event for every active workflow that listens to its type. `cause` is the step that sent it, `sender`
 * the member, or whose key. Throws `hook.conflict` and `service.unavailable`.
 */
export async function emitEvent(
  env: Env,
  organizationId: OrganizationId,
  event: EventRequest,
  { cause, sender }: { cause?: Cause; sender?: UserId } = {},
): Promise<AcceptedEvent> {
  const { type, id: senderId, occurredAt, contactId, data = null } = event
  const contact =
    contactId === undefined ? undefined : await contactOf(env, organizationId, contactId).read(organizationId)
  const outgoing = { eventId: newId('event'), type, data, senderId, occurredAt, contactId, contact, cause, sender }
  const { accepted, offer } = eventOffer(organizationId, outgoing, Date.now())
  const { routes: targets } = await isolateOf(env).routes.listEventTargets(organizationId)
  const executionIds = eventStarts(targets, accepted, event.type).map(({ workflowId, nodeId }) =>
    executionIdFor({ organizationId, workflowId, nodeId, eventId: accepted.eventId }),
  )
  const acceptance = await isolateOf(env).acceptor.accept(organizationId, {
    key: offer.key,
    write: () => ({ ...offer, answer: JSON.stringify(executionIds) }),
  })
  if (acceptance.kind === 'conflict') throw appError('hook.conflict')
  if (acceptance.kind === 'stale') throw appError('service.unavailable')
  const duplicate = acceptance.kind === 'duplicate'
  const ids = duplicate ? (JSON.parse(acceptance.answer) as string[]) : executionIds
  const [only] = ids
  return {
    eventId: duplicate ? acceptance.id : accepted.eventId,
    executionIds: ids,
    duplicate,
    ...(ids.length === 1 && only !== undefined ? { executionId: only } : {}),
  }
}
