import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ContactFieldType } from '../../../contract/contact-field.ts'
import type { ContactLimits } from '../../../contract/contact-limits.ts'
import type { ContactId, OrganizationId, UserId } from '../../../contract/id.ts'
import type { Visibility } from '../../../contract/workflow.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/**
 * Contacts as lists and searches read them: the projection of their objects. A deleted one leaves its row, without
 * anything about the person, so that a late write of an earlier revision does not bring it back. `contact` comes last:
 * a filter that does not read it never touches its overflow pages.
 */
export const contacts = sqliteTable(
  'contacts',
  {
    id: text('id').$type<ContactId>().primaryKey(),
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    /** Counts changes. A projection of fewer never overwrites one of more. */
    revision: integer('revision').notNull(),
    ownerId: text('owner_id').$type<UserId>(),
    visibility: text('visibility').$type<Visibility>().notNull(),
    source: text('source'),
    /** What a search looks through, in lower case. */
    search: text('search').notNull(),
    updatedAt: at('updated_at').notNull(),
    deletedAt: at('deleted_at'),
    /** The whole contact as JSON text. */
    contact: text('contact').notNull(),
  },
  (table) => [
    index('contacts_recent')
      .on(table.organizationId, table.updatedAt, table.id)
      .where(sql`deleted_at IS NULL`),
  ],
)

/** The tags of contacts, by tag. In the database the table is WITHOUT ROWID, which drizzle cannot say. */
export const contactTags = sqliteTable(
  'contact_tags',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    tag: text('tag').notNull(),
    contactId: text('contact_id').$type<ContactId>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.tag, table.contactId] }),
    index('contact_tags_contact').on(table.contactId),
  ],
)

/**
 * Who has an e-mail address or a phone number: claimed by a contact's object before it takes it on, so the primary key
 * is what keeps two contacts from having the same. `revision` is the one it was claimed for. WITHOUT ROWID, as above.
 */
export const contactIdentities = sqliteTable(
  'contact_identities',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    kind: text('kind').$type<'email' | 'phone'>().notNull(),
    value: text('value').notNull(),
    contactId: text('contact_id').$type<ContactId>().notNull(),
    revision: integer('revision').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.kind, table.value] })],
)

/** The fields that organizations defined for their contacts. */
export const contactFields = sqliteTable(
  'contact_fields',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    key: text('key').notNull(),
    label: text('label').notNull(),
    type: text('type').$type<ContactFieldType>().notNull(),
    options: text('options', { mode: 'json' }).$type<string[]>().notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.key] })],
)

/** What organizations say about how much may happen to one contact. No row is no limit. */
export const contactLimits = sqliteTable('contact_limits', {
  organizationId: text('organization_id').$type<OrganizationId>().primaryKey(),
  limits: text('limits', { mode: 'json' }).$type<ContactLimits>().notNull(),
  updatedAt: at('updated_at').notNull(),
})
