// contacts
//
// Contacts as people find them: read from the projection, written by nobody here (`contact-projection.ts` is written by
// the contacts' own objects).
//
//   C1. Every statement reads through `visibleContacts(scope)`: list and single reads cannot disagree.

import { and, desc, eq, gte, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm'
import type { Contact, ContactListQuery, ContactTag } from '../contract/contact.ts'
import type { Page } from '../contract/error.ts'
import type { ContactId, UserId } from '../contract/id.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Scope } from '../tenancy/scope.ts'
import type { Database } from './database.ts'
import { contacts, contactIdentities, contactTags } from './schema/db/contacts.ts'
import { members } from './schema/db/people.ts'
import { visibleContacts } from './visible-to.ts'

/** Tags that a list of them holds at most: more is not chosen from by hand. */
const maxTags = 500

/** A list's filter, in the form in which contacts are kept: addresses and tags normalized, times in epoch ms. */
export type ContactFilter = Omit<ContactListQuery, 'updatedAfter' | 'updatedBefore'> & {
  updatedAfter?: Date
  updatedBefore?: Date
}

/** The contacts that the caller sees (C1). Deleted ones are not among them. */
export function contactStore(db: Database, scope: Scope) {
  const visible = and(visibleContacts(scope), isNull(contacts.deletedAt))

  return {
    async find(id: ContactId): Promise<Contact | undefined> {
      const [row] = await db
        .select({ text: contacts.contact })
        .from(contacts)
        .where(and(visible, eq(contacts.id, id)))
        .limit(1)
      return row && toContact(row.text)
    },

    /** Those of the given that the caller sees, in no order. */
    async findVisible(ids: readonly ContactId[]): Promise<ContactId[]> {
      const given = sql`${contacts.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
      const rows = await db.select({ id: contacts.id }).from(contacts).where(and(visible, given))
      return rows.map(({ id }) => id)
    },

    /** Most recently changed first. */
    async list(filter: ContactFilter): Promise<Page<Contact>> {
      const rows = await db
        .select({ text: contacts.contact, id: contacts.id, updatedAt: contacts.updatedAt })
        .from(contacts)
        .where(and(visible, ...conditions(scope, filter)))
        .orderBy(desc(contacts.updatedAt), desc(contacts.id))
        .limit(filter.limit + 1)
      const items = rows.slice(0, filter.limit)
      const last = items.at(-1)
      return {
        items: items.map(({ text }) => toContact(text)),
        ...(rows.length > filter.limit && last !== undefined
          ? { nextCursor: encodeCursor([last.updatedAt.getTime(), last.id]) }
          : {}),
      }
    },

    /** The tags in use among the contacts that the caller sees, the most used first. */
    async listTags(): Promise<ContactTag[]> {
      const count = sql<number>`count(*)`
      return db
        .select({ tag: contactTags.tag, contacts: count })
        .from(contactTags)
        .innerJoin(contacts, eq(contacts.id, contactTags.contactId))
        .where(and(eq(contactTags.organizationId, scope.organizationId), visible))
        .groupBy(contactTags.tag)
        .orderBy(desc(count), contactTags.tag)
        .limit(maxTags)
    },

    /** Whether a user is a member here, so that contacts can be theirs. */
    async isMember(userId: UserId): Promise<boolean> {
      const [row] = await db
        .select({ id: members.id })
        .from(members)
        .where(and(eq(members.organizationId, scope.organizationId), eq(members.userId, userId)))
        .limit(1)
      return row !== undefined
    },
  }
}

function conditions(scope: Scope, filter: ContactFilter): (SQL | undefined)[] {
  const { search, tags = [], email, phone, ownerId, source, updatedAfter, updatedBefore, cursor } = filter
  const hasIdentity = (kind: 'email' | 'phone', value: string) =>
    sql`${contacts.id} = (
      SELECT ${contactIdentities.contactId} FROM ${contactIdentities}
      WHERE ${contactIdentities.organizationId} = ${scope.organizationId}
        AND ${contactIdentities.kind} = ${kind} AND ${contactIdentities.value} = ${value})`
  return [
    search === undefined ? undefined : sql`instr(${contacts.search}, ${search.toLowerCase()}) > 0`,
    ...tags.map(
      (tag) => sql`${contacts.id} IN (
        SELECT ${contactTags.contactId} FROM ${contactTags}
        WHERE ${contactTags.organizationId} = ${scope.organizationId} AND ${contactTags.tag} = ${tag})`,
    ),
    email === undefined ? undefined : hasIdentity('email', email),
    phone === undefined ? undefined : hasIdentity('phone', phone),
    ownerId === undefined ? undefined : eq(contacts.ownerId, ownerId),
    source === undefined ? undefined : eq(contacts.source, source),
    updatedAfter === undefined ? undefined : gte(contacts.updatedAt, updatedAfter),
    updatedBefore === undefined ? undefined : lte(contacts.updatedAt, updatedBefore),
    cursor === undefined ? undefined : after(cursor),
  ]
}

function after(cursor: string): SQL | undefined {
  const [updatedAt, id] = decodeCursor(cursor)
  const at = new Date(updatedAt)
  return or(lt(contacts.updatedAt, at), and(eq(contacts.updatedAt, at), lt(contacts.id, id as ContactId)))
}

/** The projection holds contacts as their objects made them, by the contract. */
function toContact(text: string): Contact {
  return JSON.parse(text) as Contact
}
