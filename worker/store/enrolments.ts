import { and, desc, eq, inArray, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { BlockedReason, Enrolment, EnrolmentListQuery, EnrolmentStats } from '../contract/enrolment.ts'
import type { Page } from '../contract/error.ts'
import type { ExecutionId, WorkflowId } from '../contract/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { enrolments, goalAchievements } from './schema/logs/enrolments.ts'

/**
 * Decisions about enrolment as the projection has them, within about a second. `visibleWorkflows` narrows to what the
 * member may see; undefined when they may see all of the organization.
 */
export function enrolmentStore(
  logs: DrizzleD1Database,
  { organizationId }: Pick<Scope, 'organizationId'>,
  visibleWorkflows: readonly WorkflowId[] | undefined,
) {
  const visible = (column: typeof enrolments.workflowId | typeof goalAchievements.workflowId) =>
    visibleWorkflows === undefined
      ? undefined
      : sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(visibleWorkflows)}))`
  const mine = and(eq(enrolments.organizationId, organizationId), visible(enrolments.workflowId))

  async function goalsOf(ids: readonly ExecutionId[]): Promise<Map<ExecutionId, Enrolment['goals']>> {
    if (ids.length === 0) return new Map()
    const rows = await logs
      .select()
      .from(goalAchievements)
      .where(and(eq(goalAchievements.organizationId, organizationId), inArray(goalAchievements.enrolmentId, [...ids])))
      .orderBy(goalAchievements.at, goalAchievements.goalId)
    const groups = Map.groupBy(rows, ({ enrolmentId }) => enrolmentId)
    return new Map([...groups].map(([id, some]) => [id, some.map(({ goalId, at }) => ({ id: goalId, at: iso(at) }))]))
  }

  return {
    /** Newest first. The cursor is the last id of the page before. */
    async list({
      workflowId,
      contactId,
      status,
      cursor,
      limit,
    }: EnrolmentListQuery & { workflowId?: WorkflowId }): Promise<Page<Enrolment>> {
      const rows = await logs
        .select()
        .from(enrolments)
        .where(
          and(
            mine,
            workflowId === undefined ? undefined : eq(enrolments.workflowId, workflowId),
            contactId === undefined ? undefined : eq(enrolments.contactId, contactId),
            status === undefined ? undefined : isStatus(status),
            cursor === undefined ? undefined : lt(enrolments.id, cursor),
          ),
        )
        .orderBy(desc(enrolments.id))
        .limit(limit + 1)
      const some = rows.slice(0, limit)
      const goals = await goalsOf(some.map(({ id }) => id))
      const items = some.map((row) => toEnrolment(row, goals.get(row.id) ?? []))
      const last = some.at(-1)
      return rows.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items }
    },

    async count(workflowId: WorkflowId): Promise<EnrolmentStats> {
      const ofThis = and(mine, eq(enrolments.workflowId, workflowId))
      const [[counts], blocked, goals] = await Promise.all([
        logs
          .select({
            total: sql<number>`count(*)`,
            ended: sql<number>`count(${enrolments.endedAt})`,
            uniqueContacts: sql<number>`count(DISTINCT ${enrolments.contactId})`,
          })
          .from(enrolments)
          .where(and(ofThis, isNull(enrolments.reason))),
        logs
          .select({ reason: enrolments.reason, count: sql<number>`count(*)` })
          .from(enrolments)
          .where(and(ofThis, isNotNull(enrolments.reason)))
          .groupBy(enrolments.reason)
          .orderBy(desc(sql`count(*)`), enrolments.reason),
        logs
          .select({
            id: goalAchievements.goalId,
            totalAchievements: sql<number>`count(*)`,
            uniqueContacts: sql<number>`count(DISTINCT ${goalAchievements.contactId})`,
            lastAt: sql<number>`max(${goalAchievements.at})`,
          })
          .from(goalAchievements)
          .where(
            and(
              eq(goalAchievements.organizationId, organizationId),
              eq(goalAchievements.workflowId, workflowId),
              visible(goalAchievements.workflowId),
            ),
          )
          .groupBy(goalAchievements.goalId)
          .orderBy(goalAchievements.goalId),
      ])
      const { total = 0, ended = 0, uniqueContacts = 0 } = counts ?? {}
      return {
        total,
        active: total - ended,
        ended,
        uniqueContacts,
        blocked: blocked.flatMap(({ reason, count }) => (reason === null ? [] : [{ reason, count }])),
        goals: goals.map((goal) => ({ ...goal, lastAt: iso(goal.lastAt) })),
      }
    },
  }
}

function isStatus(status: Enrolment['status']): SQL | undefined {
  if (status === 'blocked') return isNotNull(enrolments.reason)
  return and(
    isNull(enrolments.reason),
    status === 'active' ? isNull(enrolments.endedAt) : isNotNull(enrolments.endedAt),
  )
}

function toEnrolment(
  { id, workflowId, contactId, eventId, at, endedAt, endedBy, reason, retryAt }: typeof enrolments.$inferSelect,
  goals: Enrolment['goals'],
): Enrolment {
  const base = { id, workflowId, contactId, eventId, at: iso(at), goals }
  if (reason !== null)
    return { ...base, status: 'blocked', reason: reason satisfies BlockedReason, ...times({ retryAt }) }
  const status = endedAt === null ? 'active' : 'ended'
  return { ...base, status, executionId: id, ...times({ endedAt }), ...(endedBy !== null && { endedBy }) }
}

function times<Key extends string>(given: Record<Key, number | null>): { [Name in Key]?: string } {
  const entries = Object.entries<number | null>(given).flatMap(([key, at]) => (at === null ? [] : [[key, iso(at)]]))
  return Object.fromEntries(entries) as { [Name in Key]?: string }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
