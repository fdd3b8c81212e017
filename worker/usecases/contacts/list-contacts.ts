import { normalizeEmail } from '../../contacts/normalize-email.ts'
import { normalizePhone } from '../../contacts/normalize-phone.ts'
import { normalizeTag } from '../../contacts/normalize-tag.ts'
import type { Contact, ContactListQuery } from '../../contract/contact.ts'
import type { Page } from '../../contract/error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Contacts the caller sees, most recently changed first. All filters must hold. */
export async function listContacts(
  { scope, contacts }: Pick<Context, 'scope' | 'contacts'>,
  { updatedAfter, updatedBefore, email, phone, tags, ...query }: ContactListQuery,
): Promise<Page<Contact>> {
  requireCapability(scope, 'contact.read')
  return contacts.list({
    ...query,
    // What cannot be one is nobody's, and finds nobody.
    ...(email === undefined ? {} : { email: normalizeEmail(email) ?? email }),
    ...(phone === undefined ? {} : { phone: normalizePhone(phone) ?? phone }),
    ...(tags === undefined ? {} : { tags: tags.map((tag) => normalizeTag(tag) ?? tag) }),
    ...(updatedAfter === undefined ? {} : { updatedAfter: new Date(updatedAfter) }),
    ...(updatedBefore === undefined ? {} : { updatedBefore: new Date(updatedBefore) }),
  })
}
