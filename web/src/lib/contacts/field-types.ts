import type { ContactFieldType } from '#contract/contact-field.ts'

/** What a field of one's own can hold, in words. */
export const fieldTypes: Record<ContactFieldType, { label: string }> = {
  text: { label: 'Text' },
  longText: { label: 'Long text' },
  number: { label: 'Number' },
  boolean: { label: 'Yes or no' },
  date: { label: 'Date' },
  dateTime: { label: 'Date and time' },
  select: { label: 'One of several' },
  multiSelect: { label: 'Some of several' },
  email: { label: 'E-mail address' },
  phone: { label: 'Phone number' },
  url: { label: 'Web address' },
}
