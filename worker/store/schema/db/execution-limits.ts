import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { OrganizationId, UserId } from '../../../contract/id.ts'

/** How many executions of an organization go on at a time. No row, or null: as many as there are. */
export const executionLimits = sqliteTable('execution_limits', {
  organizationId: text('organization_id').$type<OrganizationId>().primaryKey(),
  running: integer('running'),
  updatedBy: text('updated_by').$type<UserId>().notNull(),
  updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
})
