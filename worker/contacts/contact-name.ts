import type { Contact } from '../contract/contact.ts'

/** What a contact is called: by its name, else by whatever is known. */
export function contactName({
  firstName,
  lastName,
  company,
  email,
  phone,
}: Pick<Contact, 'firstName' | 'lastName' | 'company' | 'email' | 'phone'>): string {
  const full = [firstName, lastName].filter((part) => part !== null).join(' ')
  return full || (company ?? email ?? phone ?? '')
}
