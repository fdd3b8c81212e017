import { z } from 'zod'
import { ContactFieldKey } from './contact-field.ts'
import { contactLimits } from './facts/contact.ts'
import { ContactId, UserId } from './id.ts'
import { Visibility } from './workflow.ts'
import { Cursor, PageLimit } from './page-query.ts'

const instant = z.iso.datetime()
const text = z.string().max(contactLimits.textLength).nullable()

/** Country is ISO 3166, two letters. What is not known is null. */
export const Address = z
  .strictObject({ line1: text, line2: text, city: text, region: text, postalCode: text, country: text })
  .meta({ id: 'Address' })
export type Address = z.infer<typeof Address>

/** What a field of one's own can hold. */
export const CustomValue = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])
  .meta({ id: 'CustomValue' })
export type CustomValue = z.infer<typeof CustomValue>

/** The fields every contact has, as requests give them. Null or an empty text empties a field. */
const standard = {
  firstName: text.describe('First name.'),
  lastName: text.describe('Last name.'),
  email: text
    .meta({ example: 'ada@example.com' })
    .describe('Kept in lower case; no two contacts of an organization have the same.'),
  phone: text
    .meta({ example: '+49 30 123456' })
    .describe(
      'With its country code; kept as E.164 (`+4930123456`); no two contacts of an organization have the same.',
    ),
  company: text.describe('Where they work.'),
  jobTitle: text.describe('What they do there.'),
  language: text.describe('BCP 47, such as `de` or `pt-BR`.'),
  timeZone: text.describe('IANA, such as `Europe/Berlin`.'),
  source: text.describe('Where the contact came from, in your own words.'),
  ownerId: UserId.nullable().describe(
    'The member who looks after the contact: whoever sees no further sees their own contacts.',
  ),
}

/**
 * A contact. `revision` counts its changes and is the `ETag`; send it back as `If-Match`. `name` is made of what is
 * known: first and last name, else company, e-mail or phone. Every field is there; what is not known is null.
 */
export const Contact = z
  .strictObject({
    id: ContactId,
    revision: z.int(),
    name: z.string(),
    ...standard,
    address: Address,
    visibility: Visibility,
    /** In lower case and in alphabetical order. */
    tags: z.array(z.string()),
    custom: z.record(z.string(), CustomValue),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Contact' })
export type Contact = z.infer<typeof Contact>

const tag = z.string().max(200)
const tags = z.array(tag).max(contactLimits.tags)

/** What a request may set. What is left out stays as it is (or empty, in a new contact). */
const ContactInput = z
  .strictObject({
    ...standard,
    address: Address.partial().describe('Where they are reached by post.'),
    visibility: Visibility.describe(
      'Who besides its owner sees the contact: nobody, their teams, or the organization.',
    ),
    custom: z
      .record(ContactFieldKey, CustomValue)
      .describe('Values of the organization’s own fields, by key. Null empties one.'),
    tags: tags.describe('All tags: what is not in the list is removed.'),
  })
  .partial()
export type ContactInput = z.infer<typeof ContactInput>

/** `POST /contacts`. An e-mail address and a phone number belong to one contact of an organization each. */
export const CreateContactRequest = ContactInput.meta({ id: 'CreateContactRequest' })
export type CreateContactRequest = z.infer<typeof CreateContactRequest>

/** Needs `If-Match` with the revision it was based on. `addTags` and `removeTags` leave other tags alone. */
export const ChangeContactRequest = ContactInput.extend({
  addTags: tags.optional().describe('Tags that are added; others stay.'),
  removeTags: tags.optional().describe('Tags that are removed; others stay.'),
})
  .refine(
    ({ tags: all, addTags, removeTags }) => all === undefined || (addTags === undefined && removeTags === undefined),
    'tags cannot go together with addTags or removeTags',
  )
  .meta({ id: 'ChangeContactRequest' })
export type ChangeContactRequest = z.infer<typeof ChangeContactRequest>

/** Adds and removes tags of many contacts. A contact that has them already (or has them not) does not change. */
export const TagContactsRequest = z
  .strictObject({
    contactIds: z.array(ContactId).min(1).max(contactLimits.bulk).describe('Which contacts.'),
    add: tags.optional().describe('Tags that they get.'),
    remove: tags.optional().describe('Tags that they lose.'),
  })
  .refine(({ add = [], remove = [] }) => add.length + remove.length > 0, 'needs tags to add or to remove')
  .meta({ id: 'TagContactsRequest' })
export type TagContactsRequest = z.infer<typeof TagContactsRequest>

/** `notFound` lists those that are not there, or that the caller may not see. */
export const TaggedContacts = z
  .strictObject({ changed: z.array(ContactId), unchanged: z.array(ContactId), notFound: z.array(ContactId) })
  .meta({ id: 'TaggedContacts' })
export type TaggedContacts = z.infer<typeof TaggedContacts>

/** A tag in use, and how many contacts the caller sees that have it. */
export const ContactTag = z.strictObject({ tag: z.string(), contacts: z.int() }).meta({ id: 'ContactTag' })
export type ContactTag = z.infer<typeof ContactTag>

/** `GET /contacts`: contacts that the caller sees, for which all filters hold. */
export const ContactListQuery = z.strictObject({
  search: z.string().max(120).optional().describe('Part of a name, an e-mail address, a phone number or a company.'),
  tags: z
    .string()
    .max(1_000)
    .transform((list) => list.split(','))
    .optional()
    .describe('One tag or several, comma-separated: a contact has to have all of them.'),
  email: z.string().max(254).optional().describe('Only the contact with this e-mail address, whatever its case.'),
  phone: z.string().max(40).optional().describe('Only the contact with this phone number.'),
  ownerId: UserId.optional().describe('Only contacts that this member looks after.'),
  source: z.string().max(200).optional().describe('Only contacts from this source.'),
  updatedAfter: z.iso.datetime({ offset: true }).optional().describe('Only contacts that changed after this instant.'),
  updatedBefore: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Only contacts that changed before this instant.'),
  cursor: Cursor,
  limit: PageLimit,
})
export type ContactListQuery = z.infer<typeof ContactListQuery>

/** One field that a change set. `field` is `email`, `address.city`, `custom.plan` … */
export const FieldChange = z
  .strictObject({ field: z.string(), before: CustomValue, after: CustomValue })
  .meta({ id: 'FieldChange' })
export type FieldChange = z.infer<typeof FieldChange>
