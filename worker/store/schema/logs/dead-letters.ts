import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { DeadLetterId, DeadLetterKind } from '../../../contract/dead-letter.ts'
import type { Failure } from '../../../contract/failure.ts'
import type { OrganizationId, WorkflowId } from '../../../contract/id.ts'

/**
 * What left an inbox without being done: the only place it still is. Executions that failed are not here; they are
 * read from `executions`.
 */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    id: text().$type<DeadLetterId>().notNull(),
    kind: text().$type<Extract<DeadLetterKind, 'event' | 'record'>>().notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>(),
    workflowName: text('workflow_name'),
    reason: text({ mode: 'json' }).$type<Failure>().notNull(),
    attempts: integer().notNull(),
    /** Epoch ms, as all times here. */
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
    /** JSON text as it lay in the inbox. */
    payload: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('dead_letters_newest').on(table.organizationId, table.lastAt, table.id),
  ],
)
