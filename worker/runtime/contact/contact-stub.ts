import type { ContactId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { contactObjectName } from '../names.ts'
import type { ContactObject } from './contact-object.ts'

/** A fresh stub of a contact's object: one that threw once may stay broken. */
export function contactOf(env: Env, organizationId: OrganizationId, id: ContactId): DurableObjectStub<ContactObject> {
  return env.CONTACTS.getByName(contactObjectName(organizationId, id))
}
