/** `textLength` is of one value, `bytes` of a whole contact as JSON, `bulk` of contacts in one request. */
export const contactLimits = { tags: 100, tagLength: 60, textLength: 4_000, bytes: 65_536, bulk: 100 } as const

/** The events a contact's changes emit, and what each carries as `trigger.data` besides the contact itself. */
export const contactEventTypes = [
  'contact.created',
  'contact.updated',
  'contact.field.changed',
  'contact.tag.added',
  'contact.tag.removed',
  'contact.deleted',
] as const
export type ContactEventType = (typeof contactEventTypes)[number]
