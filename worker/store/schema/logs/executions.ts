import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ExecutionStatus, TriggerKind } from '../../../contract/execution.ts'
import type { Failure } from '../../../contract/failure.ts'
import type { ContactId, EventId, ExecutionId, OrganizationId, VersionId, WorkflowId } from '../../../contract/id.ts'

/** Executions as lists show them. In the database the table is WITHOUT ROWID, which drizzle cannot say. */
export const executions = sqliteTable(
  'executions',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    id: text().$type<ExecutionId>().notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>().notNull(),
    workflowName: text('workflow_name').notNull(),
    versionId: text('version_id').$type<VersionId>().notNull(),
    versionNumber: integer('version_number').notNull(),
    status: text().$type<ExecutionStatus>().notNull(),
    triggerKind: text('trigger_kind').$type<TriggerKind>().notNull(),
    eventId: text('event_id').$type<EventId>().notNull(),
    generation: integer().notNull(),
    /** Turns so far. A record with fewer never overwrites one with more. */
    seq: integer().notNull(),
    acceptedAt: integer('accepted_at').notNull(),
    finishedAt: integer('finished_at'),
    /**
     * When the execution wants to go on by itself; the sweeper pokes it when this is past. Of one that is queued: when the
     * sweeper looks whether its gate knows of it.
     */
    wakeAt: integer('wake_at'),
    /** Until then a finished execution keeps an object of its own, for late copies of its event; the sweeper erases it. */
    objectUntil: integer('object_until'),
    stepCount: integer('step_count').notNull(),
    failure: text({ mode: 'json' }).$type<Failure>(),
    /** The contact that it is about, where its event (or who called it) names one. */
    contactId: text('contact_id').$type<ContactId>(),
    /** The generation that somebody took off the list of dead letters. */
    discardedGeneration: integer('discarded_generation'),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('executions_by_workflow').on(table.organizationId, table.workflowId, table.id),
    index('executions_by_contact')
      .on(table.organizationId, table.contactId, table.id)
      .where(sql`${table.contactId} IS NOT NULL`),
    index('executions_live')
      .on(table.wakeAt)
      .where(sql`${table.finishedAt} IS NULL AND status <> 'queued'`),
    index('executions_queued')
      .on(table.wakeAt)
      .where(sql`status = 'queued'`),
    index('executions_with_objects')
      .on(table.objectUntil)
      .where(sql`${table.objectUntil} IS NOT NULL`),
    index('executions_exhausted')
      .on(table.organizationId, table.finishedAt, table.id)
      .where(sql`status IN ('failed', 'timed_out', 'completed_with_errors')`),
  ],
)

/** The journal as JSON text, in parts below the size limit of a value. */
export const journals = sqliteTable(
  'journals',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    executionId: text('execution_id').$type<ExecutionId>().notNull(),
    part: integer().notNull(),
    text: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.executionId, table.part] })],
)
