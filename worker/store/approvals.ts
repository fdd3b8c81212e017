// approvals
//
// What executions ask people. Executions' objects write it, people read it.
//
//   P1. Writing the same turn twice, or an earlier one after a later one, changes nothing.
//   P2. A decision is in the audit exactly if it is in the row: both come in one batch, and one that is there already is
//       not written again.
//   P3. Every statement names the organization; whether a person is asked is for the use case to say.

import { and, desc, eq, lt, ne, sql, type SQL } from 'drizzle-orm'
import type { ApprovalListQuery } from '../contract/approval.ts'
import type { ApprovalId, OrganizationId, UserId } from '../contract/id.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { deedWhere } from './audit.ts'
import type { Scope } from '../tenancy/scope.ts'
import type { Database } from './database.ts'
import { approvals } from './schema/db/approvals.ts'
import { organizations } from './schema/db/people.ts'

export type StoredApproval = typeof approvals.$inferSelect
/** As an execution writes it. */
export type ApprovalRow = Omit<StoredApproval, 'told'>

/** Writes how an approval stands; gives how many of its events have been told. */
export async function projectApproval(db: Database, row: ApprovalRow): Promise<number> {
  const { status, escalatedAt, closedAt, seq, asked, votes } = row
  const results = await db.batch([
    db.select({ told: approvals.told }).from(approvals).where(own(row.organizationId, row.id)),
    ...decisionsOf(db, row),
    db
      .insert(approvals)
      .values({ ...row, told: 0 })
      .onConflictDoUpdate({
        target: approvals.id,
        set: { status, escalatedAt, closedAt, seq, asked, votes },
        setWhere: sql`${approvals.organizationId} = ${row.organizationId} AND ${approvals.seq} < ${seq}`,
      }),
  ])
  return results[0][0]?.told ?? 0
}

/** Statements that append an entry for each decision that the row does not have yet. */
function decisionsOf(db: Database, { id, organizationId, executionId, votes }: ApprovalRow) {
  const written = sql`coalesce((SELECT json_array_length(votes) FROM approvals WHERE ${own(organizationId, id)}), 0)`
  return votes.flatMap(({ by, verdict, contentHash, signedBy, at, through }, index) => {
    if (through === undefined) return []
    const actor = { organizationId, actorId: by.kind === 'member' ? by.userId : null, ...through }
    const details = { verdict, contentHash, signedBy, executionId, email: by.email }
    return [
      deedWhere(db, actor, { action: 'approval.decided', targetId: id, details }, at, sql`${written} <= ${index}`),
    ]
  })
}

/** Notes that so many of its events lie in an inbox. */
export async function noteTold(
  db: Database,
  organizationId: OrganizationId,
  id: ApprovalId,
  told: number,
): Promise<void> {
  await db
    .update(approvals)
    .set({ told })
    .where(and(own(organizationId, id), lt(approvals.told, told)))
}

/** One approval and the name of the organization that asks, for who has proved by a link that they are asked. */
export async function findApprovalOfLink(
  db: Database,
  organizationId: OrganizationId,
  id: ApprovalId,
): Promise<{ stored: StoredApproval; organizationName: string } | undefined> {
  const [row] = await db
    .select({ stored: approvals, organizationName: organizations.name })
    .from(approvals)
    .innerJoin(organizations, eq(organizations.id, approvals.organizationId))
    .where(own(organizationId, id))
    .limit(1)
  return row
}

/** One approval, for who may ask for any of the organization's. */
export async function findApproval(
  db: Database,
  organizationId: OrganizationId,
  id: ApprovalId,
): Promise<StoredApproval | undefined> {
  const [row] = await db.select().from(approvals).where(own(organizationId, id)).limit(1)
  return row
}

/**
 * Who started an execution or what led to it, took a hand in its course, or edited its workflow, by the audit; and who sent
 * the events on its way. `starterIsKnown` is false while the audit does not say who started it by hand.
 */
export async function findInvolved(
  db: Database,
  {
    organizationId,
    workflowId,
    executionId,
    root,
    senders,
  }: Pick<StoredApproval, 'organizationId' | 'workflowId' | 'executionId' | 'root' | 'senders'>,
): Promise<{ people: { userId: UserId; email: string }[]; starterIsKnown: boolean }> {
  const rows = await db.all<{ userId: UserId; email: string; started: number }>(sql`
    SELECT u.id AS userId, u.email, max(took.started) AS started
    FROM (
      SELECT a.actor_id AS id, a.action IN ('workflow.executed', 'execution.forked', 'dead_letter.retried') AS started
      FROM audit_entries AS a
      WHERE a.organization_id = ${organizationId} AND a.outcome = 'done'
        AND ${isInvolvement({ organizationId, workflowId, executionId, root })}
      UNION ALL SELECT value, 0 FROM json_each(${JSON.stringify(senders)})
    ) AS took JOIN users AS u ON u.id = took.id
    GROUP BY u.id`)
  return {
    people: rows.map(({ userId, email }) => ({ userId, email })),
    starterIsKnown: rows.some(({ started }) => started === 1),
  }
}

/**
 * Of a fork also who had a hand in its tree: what was decided before it is kept in it. Of what was called, or begun by an
 * event of an execution, also who began the chain.
 */
function isInvolvement({
  organizationId,
  workflowId,
  executionId,
  root,
}: Pick<StoredApproval, 'organizationId' | 'workflowId' | 'executionId' | 'root'>): SQL {
  const origin = sql`(SELECT f.root_id FROM execution_forks AS f
    WHERE f.organization_id = ${organizationId} AND f.id = ${executionId})`
  const tree = sql`(SELECT f.id FROM execution_forks AS f WHERE f.organization_id = ${organizationId} AND f.root_id = ${origin})`
  return sql`(
    (a.target_id = ${workflowId} AND a.action IN ('workflow.created', 'workflow.saved', 'workflow.published'))
    OR (a.target_id = ${workflowId} AND a.action = 'workflow.executed' AND a.details->>'executionId' IN (${executionId}, ${origin}))
    OR (a.action = 'workflow.executed' AND a.details->>'eventId' = ${root})
    OR (a.action = 'dead_letter.retried' AND a.details->>'executionId' IN (${executionId}, ${origin}))
    OR (a.target_id IN (${executionId}, ${origin}) AND a.action IN
      ('execution.retried', 'execution.jumped', 'execution.step_skipped', 'execution.step_retried'))
    OR (a.target_id IN ${tree} AND a.action IN ('execution.forked', 'execution.retried')))`
}

/** The organization's approvals. */
export function approvalStore(db: Database, scope: Scope) {
  return {
    /** Those in which one of these seats (addresses, and roles as `role:admin`) is asked; newest first. */
    async list(seats: readonly string[], { status, cursor, limit }: ApprovalListQuery) {
      const isMine = sql`EXISTS (SELECT 1 FROM json_each(${approvals.asked}) WHERE value IN ${[...seats]})`
      const rows = await db
        .select()
        .from(approvals)
        .where(
          and(
            eq(approvals.organizationId, scope.organizationId),
            status === 'open' ? eq(approvals.status, 'open') : ne(approvals.status, 'open'),
            cursor === undefined ? undefined : lt(approvals.id, decodeCursor(cursor)[1] as ApprovalId),
            isMine,
          ),
        )
        .orderBy(desc(approvals.id))
        .limit(limit + 1)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return rows.length > limit && last !== undefined ? { items, nextCursor: encodeCursor([0, last.id]) } : { items }
    },

    find: (id: ApprovalId) => findApproval(db, scope.organizationId, id),
    findInvolved: (approval: StoredApproval) => findInvolved(db, approval),
  }
}

export type ApprovalStore = ReturnType<typeof approvalStore>

function own(organizationId: OrganizationId, id: ApprovalId) {
  return and(eq(approvals.organizationId, organizationId), eq(approvals.id, id))
}
