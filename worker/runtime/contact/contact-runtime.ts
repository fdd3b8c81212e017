import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import type { ContactRuntime } from '../../usecases/contacts/ports.ts'
import { contactOf } from './contact-stub.ts'

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
