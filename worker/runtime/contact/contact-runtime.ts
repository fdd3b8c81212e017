import type { ContactId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import type { ContactRuntime } from '../../usecases/contacts/ports.ts'
import type { ContactObject } from '../contact-object.ts'
import { contactObjectName } from '../names.ts'

/** A fresh stub of a contact's object: one that threw once may stay broken. */
export function contactOf(env: Env, organizationId: OrganizationId, id: ContactId): DurableObjectStub<ContactObject> {
  return env.CONTACTS.getByName(contactObjectName(organizationId, id))
}

/** Good for as long as the isolate lives. Throws `service.unavailable` when a contact's object cannot be reached. */
export function createContactRuntime(env: Env): ContactRuntime {
  return {
    change: (organizationId, id, request) =>
      contactOf(env, organizationId, id).change(organizationId, request).catch(unavailable),
    read: (organizationId, id) => contactOf(env, organizationId, id).read(organizationId).catch(unavailable),
  }
}

function unavailable(cause: unknown): never {
  throw appError('service.unavailable', { cause })
}
