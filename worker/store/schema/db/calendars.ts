import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { CalendarRules } from '../../../contract/calendar.ts'
import type { CalendarId, OrganizationId, UserId } from '../../../contract/id.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** When an organization is open. One of its calendars, as long as it has any, is the default. */
export const calendars = sqliteTable(
  'calendars',
  {
    id: text('id').$type<CalendarId>().primaryKey(),
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    name: text('name').notNull(),
    isDefault: integer('is_default', { mode: 'boolean' }).notNull(),
    rules: text('rules', { mode: 'json' }).$type<CalendarRules>().notNull(),
    revision: integer('revision').notNull(),
    createdBy: text('created_by').$type<UserId>().notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    index('calendars_organization').on(table.organizationId, table.name),
    uniqueIndex('calendars_default')
      .on(table.organizationId)
      .where(sql`is_default = 1`),
  ],
)
