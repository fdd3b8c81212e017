// enrolment-projection
//
// What contacts' objects write about who is enrolled, so that it can be listed and counted. Writing a note twice, or an
// old one after a newer one, changes nothing; a goal is counted once per enrolment.

import type { BlockedReason, EnrolmentEnd } from '../contract/enrolment.ts'
import type { ContactId, EventId, ExecutionId, OrganizationId, WorkflowId } from '../contract/id.ts'

/** One decision as it stands. Times are epoch ms. */
export interface EnrolmentNote {
  id: ExecutionId
  workflowId: WorkflowId
  eventId: EventId
  at: number
  revision: number
  endedAt: number | null
  endedBy: EnrolmentEnd | null
  reason: BlockedReason | null
  retryAt: number | null
  goals: readonly { id: string; at: number }[]
}

/** Resolves when every reader sees them. */
export async function projectEnrolments(
  logs: D1Database,
  { organizationId, contactId }: { organizationId: OrganizationId; contactId: ContactId },
  notes: readonly EnrolmentNote[],
): Promise<void> {
  if (notes.length === 0) return
  const goals = notes.flatMap(({ id, workflowId, goals: reached }) =>
    reached.map((goal) => ({ enrolmentId: id, workflowId, goalId: goal.id, at: goal.at })),
  )
  await logs.batch([
    logs.prepare(upsertEnrolments).bind(organizationId, contactId, JSON.stringify(notes)),
    logs.prepare(insertAchievements).bind(organizationId, contactId, JSON.stringify(goals)),
  ])
}

const upsertEnrolments = `
INSERT INTO enrolments (
  organization_id, id, workflow_id, contact_id, event_id, at, revision, ended_at, ended_by, reason, retry_at
)
SELECT ?1, value->>'id', value->>'workflowId', ?2, value->>'eventId', value->>'at', value->>'revision',
  value->>'endedAt', value->>'endedBy', value->>'reason', value->>'retryAt'
FROM json_each(?3) WHERE true
ON CONFLICT (organization_id, id) DO UPDATE SET
  revision = excluded.revision, ended_at = excluded.ended_at, ended_by = excluded.ended_by
WHERE excluded.revision > revision`

const insertAchievements = `
INSERT OR IGNORE INTO goal_achievements (organization_id, enrolment_id, goal_id, workflow_id, contact_id, at)
SELECT ?1, value->>'enrolmentId', value->>'goalId', value->>'workflowId', ?2, value->>'at' FROM json_each(?3)`
