// contact-at-start
//
// The contact an execution is about, as it was when the event that begins it was accepted. It lies in the inbox with
// the event, so that beginning the same execution twice reads the same contact.

import { contactEventTypes, type Contact } from '../../contract/contact.ts'
import type { AcceptedTrigger } from '../accepted-trigger.ts'

const ownTypes: ReadonlySet<string> = new Set(contactEventTypes)

/** Null when the event names no contact, or named one that was not there. */
export function contactAtStart({ source, data, contact, contactId }: AcceptedTrigger): Contact | null {
  if (contact !== undefined) return contact
  if (contactId === undefined || source.kind !== 'event' || !ownTypes.has(source.eventType)) return null
  // Our own events hold the contact; nobody else can send events of these types.
  const { data: own } = data as { data: { contact: Contact } }
  return own.contact
}
