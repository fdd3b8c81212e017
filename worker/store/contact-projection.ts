// contact-projection
//
// What contacts' objects write, so that contacts can be listed, searched and told apart. Only they call this, each for
// its own contact.
//
//   P1. Writing a revision twice, or an old one after a newer one, changes nothing.
//   P2. A deed is in the audit exactly if the revision it made is in the projection: both come in one batch, and a deed
//       whose revision is there already is not written again.
//   P3. An identity belongs to the contact that claimed it first. Freeing one names the revision that gave it up, so a
//       freeing that comes late does not touch a later claim of the same contact.

import { and, eq, inArray, lt, or, sql } from 'drizzle-orm'
import type { Identity } from '../contacts/identities.ts'
import type { Contact } from '../contract/contact.ts'
import type { ContactId, OrganizationId } from '../contract/id.ts'
import { deedWhere, type Actor, type Deed } from './audit.ts'
import type { Database } from './database.ts'
import { contactIdentities, contacts, contactTags } from './schema/db/contacts.ts'

/** A contact as it stands after a revision. `contact` is null when that deleted it. */
export interface ContactProjection {
  organizationId: OrganizationId
  id: ContactId
  revision: number
  contact: Contact | null
  /** Epoch ms of the revision. */
  at: number
  /** What people did, by the revision that it made. */
  deeds: readonly { revision: number; at: number; actor: Actor; deed: Deed }[]
  /** What earlier revisions gave up. */
  freed: readonly (Identity & { revision: number })[]
}

/** Resolves when the contact is found by every reader. */
export async function projectContact(db: Database, projection: ContactProjection): Promise<void> {
  const { organizationId, id, revision, contact, at, deeds, freed } = projection
  const isThis = sql`EXISTS (SELECT 1 FROM ${contacts} WHERE ${contacts.id} = ${id} AND ${contacts.revision} = ${revision})`
  const row = {
    revision,
    ownerId: contact?.ownerId ?? null,
    visibility: contact?.visibility ?? ('own' as const),
    source: contact?.source ?? null,
    search: contact === null ? '' : searchText(contact),
    updatedAt: new Date(at),
    deletedAt: contact === null ? new Date(at) : null,
    contact: contact === null ? '{}' : JSON.stringify(contact),
  }
  await db.batch([
    db
      .insert(contacts)
      .values({ id, organizationId, ...row, revision: 0 })
      .onConflictDoNothing(),
    ...deeds.map(({ revision: made, at: doneAt, actor, deed }) =>
      deedWhere(
        db,
        actor,
        deed,
        doneAt,
        sql`EXISTS (SELECT 1 FROM ${contacts} WHERE ${contacts.id} = ${id} AND ${contacts.revision} < ${made})`,
      ),
    ),
    db
      .update(contacts)
      .set(row)
      .where(and(eq(contacts.id, id), eq(contacts.organizationId, organizationId), lt(contacts.revision, revision))),
    db.delete(contactTags).where(and(eq(contactTags.contactId, id), isThis)),
    // In the order of the table's columns.
    db
      .insert(contactTags)
      .select(
        sql`SELECT ${organizationId}, value, ${id} FROM json_each(${JSON.stringify(contact?.tags ?? [])}) WHERE ${isThis}`,
      ),
    ...freed.map(({ kind, value, revision: gaveUp }) =>
      db
        .delete(contactIdentities)
        .where(and(claimOf(organizationId, id, { kind, value }), lt(contactIdentities.revision, gaveUp))),
    ),
  ])
}

/**
 * Claims identities for a contact's coming revision. Gives the first that another contact has; then nothing is
 * claimed. Claiming one's own again renews the claim.
 */
export async function claimIdentities(
  db: Database,
  { organizationId, id, revision, wanted }: IdentityClaim,
): Promise<{ kind: Identity['kind']; contactId: ContactId } | undefined> {
  if (wanted.length === 0) return undefined
  const anyOf = or(...wanted.map((identity) => isIdentity(organizationId, identity)))
  const [rows] = await db.batch([
    db.select().from(contactIdentities).where(anyOf),
    // All or none: whoever finds one of them taken takes none.
    db
      .insert(contactIdentities)
      .select(
        sql`SELECT ${organizationId}, value->>'kind', value->>'value', ${id}, ${revision}
          FROM json_each(${JSON.stringify(wanted)})
          WHERE NOT EXISTS (SELECT 1 FROM ${contactIdentities} WHERE ${and(anyOf, sql`${contactIdentities.contactId} <> ${id}`)})`,
      )
      .onConflictDoUpdate({
        target: [contactIdentities.organizationId, contactIdentities.kind, contactIdentities.value],
        set: { revision },
        setWhere: eq(contactIdentities.contactId, id),
      }),
  ])
  const other = rows.find(({ contactId }) => contactId !== id)
  return other && { kind: other.kind, contactId: other.contactId }
}

/** Gives up what was claimed for a revision that never came. */
export async function releaseIdentities(
  db: Database,
  { organizationId, id, revision, wanted }: IdentityClaim,
): Promise<void> {
  if (wanted.length === 0) return
  const any = or(...wanted.map((identity) => claimOf(organizationId, id, identity)))
  await db.delete(contactIdentities).where(and(any, eq(contactIdentities.revision, revision)))
}

/** The contact that has one of these, the first of the list that anybody has. */
export async function findHolder(
  db: Database,
  organizationId: OrganizationId,
  identities: readonly Identity[],
): Promise<ContactId | undefined> {
  if (identities.length === 0) return undefined
  const rows = await db
    .select()
    .from(contactIdentities)
    .where(
      and(
        eq(contactIdentities.organizationId, organizationId),
        inArray(
          contactIdentities.value,
          identities.map(({ value }) => value),
        ),
      ),
    )
  for (const { kind, value } of identities) {
    const found = rows.find((row) => row.kind === kind && row.value === value)
    if (found !== undefined) return found.contactId
  }
  return undefined
}

export interface IdentityClaim {
  organizationId: OrganizationId
  id: ContactId
  revision: number
  wanted: readonly Identity[]
}

function isIdentity(organizationId: OrganizationId, { kind, value }: Identity) {
  return and(
    eq(contactIdentities.organizationId, organizationId),
    eq(contactIdentities.kind, kind),
    eq(contactIdentities.value, value),
  )
}

function claimOf(organizationId: OrganizationId, id: ContactId, identity: Identity) {
  return and(isIdentity(organizationId, identity), eq(contactIdentities.contactId, id))
}

/** What somebody may type to find a contact; a phone number also without its plus. */
function searchText({ name, firstName, lastName, email, phone, company }: Contact): string {
  return [name, firstName, lastName, email, phone, company]
    .filter((part) => part !== null && part !== '')
    .join('\n')
    .toLowerCase()
}
