// contact-events
//
// Which events a change emits. One change may emit several; each says what happened and holds the contact as it is
// after the change (as it was before, when it was deleted).

import type { Contact, FieldChange } from '../contract/contact.ts'
import type { ContactEventType } from '../contract/facts/contact.ts'
import type { Changed } from './change-contact.ts'

export interface ContactEvent {
  type: ContactEventType
  data: { contact: Contact; changes?: FieldChange[]; tag?: string } & Partial<FieldChange>
}

/** A new contact says so once, and once per tag it comes with: its fields were never anything else. */
export function eventsOfCreation({ contact, tagsAdded }: Changed): ContactEvent[] {
  return [{ type: 'contact.created', data: { contact } }, ...tagEvents('contact.tag.added', contact, tagsAdded)]
}

/** `contact.updated` is about fields, once for all of them; tags have events of their own. */
export function eventsOfChange({ contact, fields, tagsAdded, tagsRemoved }: Changed): ContactEvent[] {
  const updated: ContactEvent[] =
    fields.length === 0 ? [] : [{ type: 'contact.updated', data: { contact, changes: fields } }]
  return [
    ...updated,
    ...fields.map((change): ContactEvent => ({ type: 'contact.field.changed', data: { contact, ...change } })),
    ...tagEvents('contact.tag.added', contact, tagsAdded),
    ...tagEvents('contact.tag.removed', contact, tagsRemoved),
  ]
}

/** The events that a deletion emits. */
export function eventsOfDeletion(contact: Contact): ContactEvent[] {
  return [{ type: 'contact.deleted', data: { contact } }]
}

function tagEvents(type: ContactEventType, contact: Contact, tags: readonly string[]): ContactEvent[] {
  return tags.map((tag) => ({ type, data: { contact, tag } }))
}
