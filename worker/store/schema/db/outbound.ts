import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { OrganizationId, UserId } from '../../../contract/id.ts'
import type { OutboundLimit } from '../../../contract/outbound.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** How hosts are called. One that is not here is called as steps come, with a breaker. */
export const outboundRules = sqliteTable(
  'outbound_rules',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    host: text('host').notNull(),
    limit: text('limit_rule', { mode: 'json' }).$type<OutboundLimit>(),
    breaker: integer('breaker', { mode: 'boolean' }).notNull(),
    updatedBy: text('updated_by').$type<UserId>().notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.host] })],
)

/** Breakers that have opened once, as their objects last told. `connection` is empty where there is none. */
export const outboundBreakers = sqliteTable(
  'outbound_breakers',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    connection: text('connection').notNull(),
    host: text('host').notNull(),
    /** Grows with every change of the breaker. */
    seq: integer('seq').notNull(),
    isOpen: integer('is_open', { mode: 'boolean' }).notNull(),
    reason: text('reason').notNull(),
    since: at('since').notNull(),
    until: at('until').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.connection, table.host] }),
    index('outbound_breakers_open')
      .on(table.organizationId, table.since)
      .where(sql`is_open = 1`),
  ],
)
