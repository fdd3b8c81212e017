/** How many fields an organization may define, and how large their parts may be. */
export const contactFieldLimits = { fields: 200, options: 200, optionLength: 120, labelLength: 80 } as const

/** What a field of one's own holds. Dates are `2026-03-01`, instants ISO 8601; `multiSelect` is a list of options. */
export const contactFieldTypes = [
  'text',
  'longText',
  'number',
  'boolean',
  'date',
  'dateTime',
  'select',
  'multiSelect',
  'email',
  'phone',
  'url',
] as const
