import type { Cause } from '../../contract/cause.ts'
import type { Contact } from '../../contract/contact.ts'
import type { ContactId, EventId, OrganizationId, UserId } from '../../contract/id.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import { sha256Hex } from '../../lib/digest.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import { keyWindowMs } from './admit.ts'
import type { OfferedEvent } from './accept-together.ts'

/** How the keys of events begin, and those of nothing else that comes to an inbox. */
export const eventKey = 'event:'

/** An event on its way to the organization's inboxes. */
export interface OutgoingEvent {
  eventId: EventId
  type: string
  data: Json
  /** The sender's own name for it: the same within 7 days is the same event. The event's id when there is none. */
  senderId?: string | undefined
  /** ISO 8601. */
  occurredAt?: string | undefined
  contactId?: ContactId | undefined
  /** The contact as the event finds it, unless `data` holds it. */
  contact?: Contact | undefined
  cause?: Cause | undefined
  /** The member who sent it, or whose key did. */
  sender?: UserId | undefined
}

/** An event as it lies in an inbox, and the offer that puts it there. `now` is epoch ms. */
export function eventOffer(
  organizationId: OrganizationId,
  event: OutgoingEvent,
  now: number,
): { accepted: AcceptedTrigger; offer: Omit<OfferedEvent, 'answer'> } {
  const { eventId, type, data, senderId, occurredAt, contactId, contact, cause, sender } = event
  const trigger: JsonObject = {
    type,
    data,
    id: senderId ?? eventId,
    occurredAt: occurredAt ?? new Date(now).toISOString(),
    ...(contactId === undefined ? {} : { contactId }),
    ...(contact === undefined ? {} : { contact }),
    ...(cause === undefined ? {} : { cause: visibleIn(cause) }),
  }
  const accepted: AcceptedTrigger = {
    organizationId,
    eventId,
    at: now,
    source: { kind: 'event', eventType: type },
    data: trigger,
    ...(contactId === undefined ? {} : { contactId }),
    ...(cause === undefined ? {} : { cause }),
    ...(sender === undefined ? {} : { sender }),
  }
  const offer = {
    key: `${eventKey}${senderId === undefined ? eventId : sha256Hex(senderId)}`,
    windowMs: keyWindowMs,
    bodyHash: sha256Hex(JSON.stringify(contactId === undefined ? [type, data] : [type, data, contactId])),
    id: eventId,
    at: now,
    kind: 'trigger' as const,
    pending: JSON.stringify(accepted),
  }
  return { accepted, offer }
}

/** A cause as workflows read it: without the members who sent the events on its way. */
function visibleIn({ root, depth, path, by }: Cause): JsonObject {
  return { root, depth, path, by }
}
