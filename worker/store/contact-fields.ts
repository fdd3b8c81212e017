import { and, asc, eq, sql } from 'drizzle-orm'
import type { ChangeContactFieldRequest, ContactField } from '../contract/contact-field.ts'
import { contactFieldLimits } from '../contract/facts/contact-field.ts'
import type { OrganizationId } from '../contract/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { contactFields } from './schema/db/contacts.ts'

/** The fields an organization defined, the oldest first. */
export async function listContactFields(db: Database, organizationId: OrganizationId): Promise<ContactField[]> {
  const rows = await db
    .select()
    .from(contactFields)
    .where(eq(contactFields.organizationId, organizationId))
    .orderBy(asc(contactFields.createdAt), asc(contactFields.key))
  return rows.map(toField)
}

/** The fields that an organization defined for its contacts. */
export function contactFieldStore(db: Database, scope: Scope, actor: Actor) {
  const { organizationId } = scope
  const one = (key: string) => and(eq(contactFields.organizationId, organizationId), eq(contactFields.key, key))

  return {
    list: () => listContactFields(db, organizationId),

    async find(key: string): Promise<ContactField | undefined> {
      const [row] = await db.select().from(contactFields).where(one(key)).limit(1)
      return row && toField(row)
    },

    /** False, and nothing changed, when the key is taken or there are as many fields as there may be. */
    async create({ key, label, type, options }: Omit<ContactField, 'createdAt'>, at: Date): Promise<boolean> {
      const count = sql`(SELECT count(*) FROM ${contactFields} WHERE ${contactFields.organizationId} = ${organizationId})`
      const [created] = await db.batch([
        // In the order of the table's columns.
        db
          .insert(contactFields)
          .select(
            sql`SELECT ${organizationId}, ${key}, ${label}, ${type}, ${JSON.stringify(options)}, ${at.getTime()}
              WHERE ${count} < ${contactFieldLimits.fields}`,
          )
          .onConflictDoNothing()
          .returning({ key: contactFields.key }),
        deedIfChanged(db, actor, { action: 'contact_field.created', targetId: key, details: { type } }),
      ])
      return created.length > 0
    },

    async change(key: string, { label, options }: ChangeContactFieldRequest): Promise<boolean> {
      const [changed] = await db.batch([
        db
          .update(contactFields)
          // Setting the key to itself keeps the statement whole when nothing else is set.
          .set({ key, ...(label === undefined ? {} : { label }), ...(options === undefined ? {} : { options }) })
          .where(one(key))
          .returning({ key: contactFields.key }),
        deedIfChanged(db, actor, { action: 'contact_field.changed', targetId: key }),
      ])
      return changed.length > 0
    },

    /** Values that contacts have in the field stay with them, unseen, until the field is defined again. */
    async remove(key: string): Promise<boolean> {
      const [removed] = await db.batch([
        db.delete(contactFields).where(one(key)).returning({ key: contactFields.key }),
        deedIfChanged(db, actor, { action: 'contact_field.removed', targetId: key }),
      ])
      return removed.length > 0
    },
  }
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toField({ key, label, type, options, createdAt }: typeof contactFields.$inferSelect): ContactField {
  return { key, label, type, options, createdAt: createdAt.toISOString() }
}
