import type { Contact } from '../../contract/contact.ts'
import type { ContactId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import type { Context } from '../context.ts'

/** The contact, or `contact.not_found`: the same answer whether it does not exist or may not be seen. */
export async function requireContact({ contacts }: Pick<Context, 'contacts'>, id: ContactId): Promise<Contact> {
  const contact = await contacts.find(id)
  if (contact === undefined) throw appError('contact.not_found')
  return contact
}
