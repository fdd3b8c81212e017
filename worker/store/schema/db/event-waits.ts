import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { OrganizationId } from '../../../contract/id.ts'

/**
 * Which events executions of an organization may ever wait for: those are kept for a while and brought to who waits.
 * A row stays when its workflow goes, because executions of it may still wait; when nothing may any more, it is removed a day
 * after that was seen first.
 */
export const eventWaits = sqliteTable(
  'event_waits',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    /** An event type, or a pattern. */
    match: text('match').notNull(),
    /** Who waits: 0 a step for events about anybody, 1 a step for events about its contact, 2 contacts that are enrolled. */
    ofContact: integer('of_contact').$type<0 | 1 | 2>().notNull(),
    /** Since when nothing that executes may wait for it, as far as was seen; epoch ms. Null: something may. */
    unusedSince: integer('unused_since'),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.match, table.ofContact] })],
)
