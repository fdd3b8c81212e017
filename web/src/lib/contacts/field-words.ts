import type { ContactField } from '#contract/contact-field.ts'
import type { CustomValue } from '#contract/contact.ts'

const words: Record<string, string> = {
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail',
  phone: 'Phone',
  company: 'Company',
  jobTitle: 'Job title',
  language: 'Language',
  timeZone: 'Time zone',
  source: 'Source',
  visibility: 'Who sees it',
  tags: 'Tags',
  'address.line1': 'Street',
  'address.line2': 'More of the address',
  'address.city': 'City',
  'address.region': 'Region',
  'address.postalCode': 'Postal code',
  'address.country': 'Country',
}

/** What people call a field. */
export function fieldWord(field: string, definitions: readonly ContactField[] = []): string {
  if (!field.startsWith('custom.')) return words[field] ?? field
  const key = field.slice('custom.'.length)
  return definitions.find((definition) => definition.key === key)?.label ?? key
}

/** A value in a sentence. */
export function valueWords(value: CustomValue): string {
  if (value === null || value === '') return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}
