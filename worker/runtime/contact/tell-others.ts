// tell-others
//
// Sends the notifications of a contact's revisions: events to the organization's inboxes, the contact itself to D1, where it
// is listed and searched. Both may happen twice for one revision and count once: an inbox knows an event by its id, the
// projection a contact by its revision.

import type { ContactId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { projectContact } from '../../store/contact-projection.ts'
import { openDatabase } from '../../store/database.ts'
import { eventOffer, type OutgoingEvent } from '../inbox/event-offer.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import type { OfferedEvent } from '../inbox/accept-together.ts'
import { shardOf } from '../names.ts'
import type { OutboxEntry, StoredContact } from './contact-table.ts'

/** Events in one call to an inbox: a call takes 32 MB, and each event holds a contact of 64 KB at most. */
const maxEvents = 100

/** Resolves when the events of the entries lie in their inboxes. Throws when one of them does not. */
export function sendEvents(env: Env, organizationId: OrganizationId, entries: readonly OutboxEntry[]): Promise<void> {
  const outgoing = entries.flatMap(({ events, contact, cause, at }) =>
    events.map(({ id, type, rest }): OutgoingEvent => {
      const occurredAt = new Date(at).toISOString()
      return { eventId: id, type, data: { ...rest, contact }, occurredAt, contactId: contact.id, cause }
    }),
  )
  return offerEvents(env, organizationId, outgoing)
}

/** Resolves when these events lie in their inboxes. Throws when one of them does not. */
export async function offerEvents(
  env: Env,
  organizationId: OrganizationId,
  events: readonly OutgoingEvent[],
): Promise<void> {
  const now = Date.now()
  const offers = events.map((event): OfferedEvent => ({
    ...eventOffer(organizationId, event, now).offer,
    answer: '[]',
  }))
  const byShard = Map.groupBy(offers, ({ key }) => shardOf(key))
  await Promise.all(
    [...byShard].map(async ([shard, offered]) => {
      for (let from = 0; from < offered.length; from += maxEvents) {
        const some = offered.slice(from, from + maxEvents)
        const taken = await inboxOf(env, organizationId, shard).acceptAll(organizationId, some)
        // A duplicate is an event that was sent before; the answer to it was lost.
        if (taken.some(({ kind }) => kind === 'failed' || kind === 'stale'))
          throw new Error('an inbox took not all events')
      }
    }),
  )
}

/** Resolves when the contact is listed as it stands, with the deeds of the entries in the audit. */
export function project(
  env: Env,
  { organizationId, id }: { organizationId: OrganizationId; id: ContactId },
  { revision, at, contact }: StoredContact,
  entries: readonly OutboxEntry[],
): Promise<void> {
  return projectContact(openDatabase(env.DB), {
    organizationId,
    id,
    revision,
    contact,
    at,
    deeds: entries.flatMap(({ revision: made, at: doneAt, audit }) =>
      audit === undefined ? [] : [{ revision: made, at: doneAt, ...audit }],
    ),
    freed: entries.flatMap(({ freed, revision: gaveUp }) =>
      freed.map((identity) => ({ ...identity, revision: gaveUp })),
    ),
  })
}
