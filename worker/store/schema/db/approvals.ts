import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ApprovalRequest, ApprovalStatus, CountedVote } from '../../../contract/approval.ts'
import type { ApprovalId, ExecutionId, OrganizationId, UserId, VersionId, WorkflowId } from '../../../contract/id.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** What executions ask people, as the inbox lists it. A projection: the execution's journal is the truth. */
export const approvals = sqliteTable(
  'approvals',
  {
    id: text('id').$type<ApprovalId>().primaryKey(),
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    executionId: text('execution_id').$type<ExecutionId>().notNull(),
    generation: integer('generation').notNull(),
    path: text('path').notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>().notNull(),
    workflowName: text('workflow_name').notNull(),
    versionId: text('version_id').$type<VersionId>().notNull(),
    /** Whether a person started the execution: then the audit says who. */
    startedByHand: integer('started_by_hand', { mode: 'boolean' }).notNull(),
    /** The event that began the chain which led here, through calls and events of executions; null for the first of one. */
    root: text('root'),
    /** The members who sent or caused events on the way here. */
    senders: text('senders', { mode: 'json' }).$type<UserId[]>().notNull().default([]),
    status: text('status').$type<ApprovalStatus>().notNull(),
    createdAt: at('created_at').notNull(),
    dueAt: at('due_at').notNull(),
    escalatedAt: at('escalated_at'),
    closedAt: at('closed_at'),
    /** The turn of the journal that wrote this row: an earlier one does not overwrite it. */
    seq: integer('seq').notNull(),
    /** How many of its events lie in an inbox. */
    told: integer('told').notNull(),
    /** Who may decide now: addresses, and roles as `role:admin`. */
    asked: text('asked', { mode: 'json' }).$type<string[]>().notNull(),
    votes: text('votes', { mode: 'json' }).$type<CountedVote[]>().notNull(),
    request: text('request', { mode: 'json' }).$type<ApprovalRequest>().notNull(),
  },
  (table) => [index('approvals_recent').on(table.organizationId, table.status, table.id)],
)
