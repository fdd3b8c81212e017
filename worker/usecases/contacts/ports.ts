import type { ContactChange } from '../../contacts/read-change.ts'
import type { Author, Chain } from '../../contract/cause.ts'
import type { Contact } from '../../contract/contact.ts'
import type { ContactId, OrganizationId } from '../../contract/id.ts'
import type { Actor } from '../../store/audit.ts'

/** What is to become of a contact. With a `revision`, only if that is still its own. */
export type ContactDeed =
  | { kind: 'create'; change: ContactChange }
  | { kind: 'change'; change: ContactChange; revision?: number }
  | { kind: 'delete'; revision?: number }

export interface ContactRequest {
  deed: ContactDeed
  by: Author
  /** The chain that the author acts in; absent when it begins here. */
  chain?: Chain
  /** The author's own name for this request: asked twice, it is done once. `hash` is of what is asked. */
  key?: { name: string; hash: string }
  /** For the audit, where a person or a program asks. */
  actor?: Actor
}

export type ContactResult =
  | {
      kind: 'done'
      /** As it is now; as it was, when it was deleted. */
      contact: Contact
      changed: boolean
      /** The same key was used before: nothing was done this time. */
      repeated: boolean
    }
  /** There is no such contact, or no more. */
  | { kind: 'missing' }
  | { kind: 'stale'; revision: number }
  | { kind: 'taken'; field: 'email' | 'phone'; contactId: ContactId }
  | { kind: 'tooLarge' }
  | { kind: 'keyConflict' }

/** What use cases ask of the contacts' own objects. `runtime/` implements it. */
export interface ContactRuntime {
  /** Resolves when it is durable, and as a rule visible to every reader. */
  change(organizationId: OrganizationId, id: ContactId, request: ContactRequest): Promise<ContactResult>
  /** The contact as its object knows it. */
  read(organizationId: OrganizationId, id: ContactId): Promise<Contact | undefined>
}
