import type { Contact } from '../../contract/contact.ts'
import type { Json } from '../../contract/json.ts'

/** What a step wants of a contact: fields by their names (`email`, `address.city`, `custom.plan`), and tags. */
export interface ContactWishes {
  fields: Readonly<Record<string, Json>>
  addTags?: readonly string[]
  removeTags?: readonly string[]
}

/**
 * What a step may do with the contacts of its organization. Each change is applied once under the step's key, however
 * often its call is made. Throws `TerminalError` for what will never work: a value that a field does not take, a
 * contact that is not there, an e-mail address that another has.
 */
export interface ContactActions {
  /** Null when nobody fits. */
  find(by: { kind: 'id' | 'email' | 'phone'; value: string }): Promise<Contact | null>
  /** The contact that has the e-mail address or phone number of `wishes`, or a new one. Those found may be changed. */
  findOrCreate(
    wishes: ContactWishes,
    whenFound: 'keep' | 'update',
  ): Promise<{ contact: Contact; created: boolean; changed: boolean }>
  change(contactId: string, wishes: ContactWishes): Promise<{ contact: Contact; changed: boolean }>
}
