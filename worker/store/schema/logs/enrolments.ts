import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { BlockedReason, EnrolmentEnd } from '../../../contract/enrolment.ts'
import type { ContactId, EventId, ExecutionId, OrganizationId, WorkflowId } from '../../../contract/id.ts'

/** Decisions about who enters a workflow, as their contacts' objects made them. Times are epoch ms. */
export const enrolments = sqliteTable(
  'enrolments',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    /** The execution that it began, or would have begun. */
    id: text().$type<ExecutionId>().notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>().notNull(),
    contactId: text('contact_id').$type<ContactId>().notNull(),
    eventId: text('event_id').$type<EventId>().notNull(),
    at: integer().notNull(),
    /** Counts changes. A note of fewer never overwrites one of more. */
    revision: integer().notNull(),
    endedAt: integer('ended_at'),
    endedBy: text('ended_by').$type<EnrolmentEnd>(),
    /** Why the contact was not let in; null when it was. */
    reason: text().$type<BlockedReason>(),
    retryAt: integer('retry_at'),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('enrolments_by_workflow').on(table.organizationId, table.workflowId, table.id),
    index('enrolments_by_contact').on(table.organizationId, table.contactId, table.id),
  ],
)

/** Goals that were achieved: each once per enrolment. */
export const goalAchievements = sqliteTable(
  'goal_achievements',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    enrolmentId: text('enrolment_id').$type<ExecutionId>().notNull(),
    goalId: text('goal_id').notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>().notNull(),
    contactId: text('contact_id').$type<ContactId>().notNull(),
    at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.enrolmentId, table.goalId] }),
    index('goal_achievements_by_workflow').on(table.organizationId, table.workflowId, table.goalId),
  ],
)
