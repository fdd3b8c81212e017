import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ForkEffects } from '../../../contract/fork.ts'
import type { EventId, ExecutionId, OrganizationId, UserId } from '../../../contract/id.ts'

/** Forks of executions: written before the fork begins, and never changed. A fork without an execution never began. */
export const executionForks = sqliteTable(
  'execution_forks',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    id: text('id').$type<ExecutionId>().notNull(),
    originId: text('origin_id').$type<ExecutionId>().notNull(),
    /** The execution at the top of the tree, which is nobody's fork. */
    rootId: text('root_id').$type<ExecutionId>().notNull(),
    /** The step it was forked from. */
    path: text('path').notNull(),
    effects: text('effects').$type<ForkEffects>().notNull(),
    /** What was edited, by name. */
    edited: text('edited', { mode: 'json' }).$type<string[]>().notNull(),
    forkedBy: text('forked_by').$type<UserId>().notNull(),
    forkedAt: integer('forked_at', { mode: 'timestamp_ms' }).notNull(),
    /** What counts as the event that began it: its id comes from that. */
    eventId: text('event_id').$type<EventId>().notNull(),
    /** The caller's own name for the request (or else the fork's id), and the hash of what was asked. */
    requestKey: text('request_key').notNull(),
    requestHash: text('request_hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('execution_forks_tree').on(table.organizationId, table.rootId, table.forkedAt),
    uniqueIndex('execution_forks_request').on(table.organizationId, table.originId, table.requestKey),
  ],
)
