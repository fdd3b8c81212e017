// decide
//
// What a request makes of a contact: the next revision with its notifications, or why there is none. Pure but for the ids of
// new events.

import { changeContact, emptyContact, isTooLarge, type Changed } from '../../contacts/change-contact.ts'
import { eventsOfChange, eventsOfCreation, eventsOfDeletion, type ContactEvent } from '../../contacts/contact-events.ts'
import { identitiesOf, without, type Identity } from '../../contacts/identities.ts'
import type { ContactId } from '../../contract/id.ts'
import { newId } from '../../lib/id.ts'
import type { JsonObject } from '../../contract/json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { Deed } from '../../store/audit.ts'
import type { ContactRequest, ContactResult } from '../../usecases/contacts/ports.ts'
import type { OutboxEntry, StoredContact } from './contact-table.ts'

export type Decision =
  | { kind: 'answer'; result: ContactResult }
  /** `claims` are identities that nobody else may have before this is committed. */
  | { kind: 'commit'; next: StoredContact; entry: OutboxEntry; claims: Identity[]; result: ContactResult }

/** `now` is epoch ms. */
export function decide(
  id: ContactId,
  stored: StoredContact | undefined,
  request: ContactRequest,
  now: number,
): Decision {
  const { deed } = request
  const before = stored?.contact ?? null
  if (deed.kind !== 'create') {
    if (before === null) return { kind: 'answer', result: { kind: 'missing' } }
    if (deed.revision !== undefined && deed.revision !== before.revision) {
      return { kind: 'answer', result: { kind: 'stale', revision: before.revision } }
    }
  }
  switch (deed.kind) {
    case 'create': {
      // An id is made for one contact: one that was here before is gone for good.
      if (stored !== undefined) return { kind: 'answer', result: { kind: 'missing' } }
      const changed = changeContact(emptyContact(id, now), deed.change, now)
      return commit(request, changed, eventsOfCreation(changed), [], now)
    }
    case 'change': {
      const changed = changeContact(before!, deed.change, now)
      if (changed.contact === before) {
        return { kind: 'answer', result: { kind: 'done', contact: before, changed: false, repeated: false } }
      }
      return commit(request, changed, eventsOfChange(changed), identitiesOf(before!), now)
    }
    case 'delete': {
      const contact = before!
      const revision = contact.revision + 1
      return {
        kind: 'commit',
        next: { revision, at: now, contact: null },
        entry: outboxEntry(
          request,
          { revision, contact, events: eventsOfDeletion(contact), freed: identitiesOf(contact) },
          now,
        ),
        claims: [],
        result: { kind: 'done', contact, changed: true, repeated: false },
      }
    }
    default:
      return unreachable(deed)
  }
}

function commit(
  request: ContactRequest,
  { contact }: Changed,
  events: readonly ContactEvent[],
  had: readonly Identity[],
  now: number,
): Decision {
  if (isTooLarge(contact)) return { kind: 'answer', result: { kind: 'tooLarge' } }
  const has = identitiesOf(contact)
  const { revision } = contact
  return {
    kind: 'commit',
    next: { revision, at: now, contact },
    entry: outboxEntry(request, { revision, contact, events, freed: without(had, has) }, now),
    claims: without(has, had),
    result: { kind: 'done', contact, changed: true, repeated: false },
  }
}

function outboxEntry(
  { by, chain, actor, deed }: ContactRequest,
  { events, ...rest }: Pick<OutboxEntry, 'revision' | 'contact' | 'freed'> & { events: readonly ContactEvent[] },
  now: number,
): OutboxEntry {
  const named = events.map(({ type, data: { contact: _, ...data } }) => ({
    id: newId('event', now),
    type,
    rest: data satisfies object as JsonObject,
  }))
  const root = named[0]?.id ?? ''
  return {
    ...rest,
    at: now,
    events: named,
    cause: { by, ...(chain ?? { root, depth: 0, path: [] }) },
    ...(actor === undefined ? {} : { audit: { actor, deed: deedOf(deed, rest.contact.id, events) } }),
  }
}

/** What the audit says: which fields, never what is in them. */
function deedOf({ kind }: ContactRequest['deed'], targetId: ContactId, events: readonly ContactEvent[]): Deed {
  const action = { create: 'contact.created', change: 'contact.changed', delete: 'contact.deleted' }[kind]
  const changed = events.flatMap(({ data }) => (data.field === undefined ? [] : [data.field]))
  const tags = events.flatMap(({ data }) => (data.tag === undefined ? [] : [data.tag]))
  return { action, targetId, details: { ...(changed.length > 0 && { changed }), ...(tags.length > 0 && { tags }) } }
}
