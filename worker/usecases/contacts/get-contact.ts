import type { Contact } from '../../contract/contact.ts'
import type { ContactId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireContact } from './require-contact.ts'

/** Throws `contact.not_found`. */
export async function getContact(context: Pick<Context, 'scope' | 'contacts'>, id: ContactId): Promise<Contact> {
  requireCapability(context.scope, 'contact.read')
  return requireContact(context, id)
}
