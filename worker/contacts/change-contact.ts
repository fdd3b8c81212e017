// change-contact
//
// What a change makes of a contact, and what exactly it changed.
//
//   C1. A change that changes nothing gives the same contact (by identity), with its revision: it emits nothing.
//   C2. What is said to have changed is the whole difference between the two contacts, and nothing else.

import type { Contact, CustomValue, FieldChange } from '../contract/contact.ts'
import { contactLimits } from '../contract/facts/contact.ts'
import type { ContactId } from '../contract/id.ts'
import { contactName } from './contact-name.ts'
import type { ContactChange } from './read-change.ts'

export interface Changed {
  contact: Contact
  fields: FieldChange[]
  tagsAdded: string[]
  tagsRemoved: string[]
}

/** A contact of which nothing is known. Its revision is 0: the first change makes it 1. */
export function emptyContact(id: ContactId, at: number): Contact {
  const instant = new Date(at).toISOString()
  return {
    id,
    revision: 0,
    name: '',
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    company: null,
    jobTitle: null,
    address: { line1: null, line2: null, city: null, region: null, postalCode: null, country: null },
    language: null,
    timeZone: null,
    source: null,
    ownerId: null,
    visibility: 'own',
    tags: [],
    custom: {},
    createdAt: instant,
    updatedAt: instant,
  }
}

/** Applies a change that `readChange` has read. `at` is epoch ms. */
export function changeContact(before: Contact, change: ContactChange, at: number): Changed {
  const fields: FieldChange[] = []
  const contact: Contact = { ...before, address: { ...before.address }, custom: { ...before.custom } }
  for (const [field, after] of Object.entries(change.fields)) {
    const had = fieldOf(before, field)
    if (isSame(had, after)) continue
    fields.push({ field, before: had, after })
    setField(contact, field, after)
  }

  const had = new Set(before.tags)
  const wanted = new Set(change.tags ?? before.tags)
  for (const tag of change.add) wanted.add(tag)
  for (const tag of change.remove) wanted.delete(tag)
  const tags = [...wanted].sort()
  const tagsAdded = tags.filter((tag) => !had.has(tag))
  const tagsRemoved = before.tags.filter((tag) => !wanted.has(tag))

  if (fields.length + tagsAdded.length + tagsRemoved.length === 0) {
    return { contact: before, fields, tagsAdded, tagsRemoved }
  }
  contact.tags = tags
  contact.name = contactName(contact)
  contact.revision = before.revision + 1
  contact.updatedAt = new Date(at).toISOString()
  return { contact, fields, tagsAdded, tagsRemoved }
}

/** Whether a contact is larger than one may be. */
export function isTooLarge(contact: Contact): boolean {
  return contact.tags.length > contactLimits.tags || JSON.stringify(contact).length > contactLimits.bytes
}

/** A field by its name in events. */
export function fieldOf(contact: Contact, name: string): CustomValue {
  const [first = '', second] = name.split('.')
  const holder: object | undefined =
    second === undefined ? contact : first === 'address' ? contact.address : contact.custom
  const key = second ?? first
  return Object.hasOwn(holder, key) ? ((holder as Record<string, CustomValue>)[key] ?? null) : null
}

function setField(contact: Contact, name: string, value: CustomValue): void {
  const [first = '', second] = name.split('.')
  if (first === 'custom' && second !== undefined) {
    if (value === null) delete contact.custom[second]
    else contact.custom[second] = value
    return
  }
  Object.assign(second === undefined ? contact : contact.address, { [second ?? first]: value })
}

function isSame(left: CustomValue, right: CustomValue): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right
  return left.length === right.length && left.every((entry, index) => entry === right[index])
}
