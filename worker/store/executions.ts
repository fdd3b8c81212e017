import { and, desc, eq, gt, gte, inArray, isNotNull, lt, lte, ne, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { ExecutionListQuery, ExecutionSummary } from '../contract/execution.ts'
import type { ExecutionId, OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'
import type { Page } from '../contract/error.ts'
import { idBound } from '../lib/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { joinParts } from './journals.ts'
import { executions, journals } from './schema/logs/executions.ts'

/** An execution as D1 knows it: the summary, and its journal as JSON text. */
export interface StoredExecution {
  summary: ExecutionSummary
  journal: string
}

/** What there is to know of an execution before it is looked at. */
export type AcceptedExecution = Pick<
  typeof executions.$inferSelect,
  'id' | 'versionId' | 'versionNumber' | 'status' | 'triggerKind' | 'generation' | 'stepCount'
>

/**
 * Executions as the projection has them: finished ones within about a second, waiting ones as of their last stop.
 * `visibleWorkflows` narrows to what the member may see; undefined when they may see all of the organization.
 */
export function executionStore(
  logs: DrizzleD1Database,
  scope: Pick<Scope, 'organizationId'>,
  visibleWorkflows: readonly WorkflowId[] | undefined,
) {
  const mine = and(
    eq(executions.organizationId, scope.organizationId),
    visibleWorkflows === undefined
      ? undefined
      : sql`${executions.workflowId} IN (SELECT value FROM json_each(${JSON.stringify(visibleWorkflows)}))`,
  )

  return {
    async find(id: ExecutionId): Promise<StoredExecution | undefined> {
      const [row] = await logs
        .select()
        .from(executions)
        .where(and(mine, eq(executions.id, id)))
      if (row === undefined) return undefined
      const parts = await logs
        .select({ part: journals.part, text: journals.text })
        .from(journals)
        .where(and(eq(journals.organizationId, scope.organizationId), eq(journals.executionId, id)))
        .orderBy(journals.part)
      return { summary: toSummary(row), journal: joinParts(parts) }
    },

    /** Those of these that are known. */
    async listSummaries(ids: readonly ExecutionId[]): Promise<ExecutionSummary[]> {
      const rows = await logs
        .select()
        .from(executions)
        .where(and(mine, sql`${executions.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`))
      return rows.map(toSummary)
    },

    /** Executions of a workflow that were accepted before an instant (epoch ms), newest first. */
    async listAccepted(
      workflowId: WorkflowId,
      { before, limit }: { before: number; limit: number },
    ): Promise<AcceptedExecution[]> {
      const { id, versionId, versionNumber, status, triggerKind, generation, stepCount } = executions
      return logs
        .select({ id, versionId, versionNumber, status, triggerKind, generation, stepCount })
        .from(executions)
        .where(and(mine, eq(executions.workflowId, workflowId), sql`${id} < ${idBound('execution', before)}`))
        .orderBy(desc(id))
        .limit(limit)
    },

    /**
     * The journals of these executions as JSON text, newest first, as many as have `characters` together. One that has
     * more than `largest` by itself is left out.
     */
    async readJournals(
      ids: readonly ExecutionId[],
      { characters, largest }: { characters: number; largest: number },
    ): Promise<string[]> {
      const ours = eq(journals.organizationId, scope.organizationId)
      const length = sql<number>`sum(length(${journals.text}))`
      const sizes = logs
        .select({ executionId: journals.executionId, size: length.as('size') })
        .from(journals)
        .where(and(ours, sql`${journals.executionId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`))
        .groupBy(journals.executionId)
        .having(lte(length, largest))
        .as('sizes')
      const wanted = logs
        .select({
          executionId: sizes.executionId,
          soFar: sql<number>`sum(${sizes.size}) OVER (ORDER BY ${sizes.executionId} DESC)`.as('so_far'),
        })
        .from(sizes)
        .as('wanted')
      const rows = await logs
        .select({ executionId: journals.executionId, part: journals.part, text: journals.text })
        .from(wanted)
        .innerJoin(journals, and(ours, eq(journals.executionId, wanted.executionId)))
        .where(lte(wanted.soFar, characters))
        .orderBy(desc(journals.executionId), journals.part)
      return [...Map.groupBy(rows, ({ executionId }) => executionId).values()].map(joinParts)
    },

    /** Executions of a workflow that wait, or are paused, on another version than this one; newest first. */
    async listWaitingElsewhere(
      workflowId: WorkflowId,
      versionId: VersionId,
      { cursor, limit }: { cursor: ExecutionId | undefined; limit: number },
    ): Promise<Page<ExecutionSummary>> {
      const wanted = and(
        mine,
        eq(executions.workflowId, workflowId),
        ne(executions.versionId, versionId),
        inArray(executions.status, ['waiting', 'paused']),
        cursor === undefined ? undefined : lt(executions.id, cursor),
      )
      const rows = await logs
        .select()
        .from(executions)
        .where(wanted)
        .orderBy(desc(executions.id))
        .limit(limit + 1)
      const items = rows.slice(0, limit).map(toSummary)
      const last = items.at(-1)
      return rows.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items }
    },

    /** Newest first. The cursor is the last id of the page before. */
    async list(query: ExecutionListQuery): Promise<Page<ExecutionSummary>> {
      const wanted: (SQL | undefined)[] = [
        mine,
        query.workflowId === undefined ? undefined : eq(executions.workflowId, query.workflowId),
        query.status === undefined ? undefined : inArray(executions.status, query.status),
        query.trigger === undefined ? undefined : eq(executions.triggerKind, query.trigger),
        query.eventId === undefined ? undefined : eq(executions.eventId, query.eventId),
        query.contactId === undefined ? undefined : eq(executions.contactId, query.contactId),
        query.after === undefined ? undefined : gte(executions.acceptedAt, Date.parse(query.after)),
        query.before === undefined ? undefined : lte(executions.acceptedAt, Date.parse(query.before)),
        query.cursor === undefined ? undefined : lt(executions.id, query.cursor),
      ]
      const rows = await logs
        .select()
        .from(executions)
        .where(and(...wanted))
        .orderBy(desc(executions.id))
        .limit(query.limit + 1)
      const items = rows.slice(0, query.limit).map(toSummary)
      const last = items.at(-1)
      return rows.length > query.limit && last !== undefined ? { items, nextCursor: last.id } : { items }
    },
  }
}

export type ExecutionStore = ReturnType<typeof executionStore>

/** Has begun and goes on. In these words, as the index that holds them has it. */
const isLive = sql`${executions.finishedAt} IS NULL AND status <> 'queued'`
const isQueued = sql`status = 'queued'`

/** Which execution, of any organization. */
export interface ExecutionName {
  organizationId: OrganizationId
  id: ExecutionId
}

/** Of those that are overdue, so many are drawn from at most. */
const maxDrawnFrom = 10_000

/**
 * Executions of any organization that should have moved by `before` (epoch ms): the sweeper pokes them. Where there are
 * more than `limit`, half are those overdue for longest and half are drawn anew each time: some that cannot move must not
 * stand before all others for ever.
 */
export async function listOverdue(logs: DrizzleD1Database, before: number, limit: number): Promise<ExecutionName[]> {
  const overdue = await listDue(logs, isLive, before, limit)
  const drawn = Math.floor(limit / 2)
  if (overdue.length < limit || drawn === 0) return overdue
  const first = overdue.slice(0, limit - drawn)
  const others = logs
    .select({ organizationId: executions.organizationId, id: executions.id })
    .from(executions)
    .where(isDueBy(isLive, before))
    .orderBy(executions.wakeAt)
    .limit(maxDrawnFrom)
    .offset(first.length)
    .as('others')
  return [
    ...first,
    ...(await logs
      .select()
      .from(others)
      .orderBy(sql`random()`)
      .limit(drawn)),
  ]
}

/**
 * Executions of any organization that wait at a gate, and were to be looked at by `before` (epoch ms): those first that
 * have not been for longest.
 */
export function listQueued(logs: DrizzleD1Database, before: number, limit: number): Promise<ExecutionName[]> {
  return listDue(logs, isQueued, before, limit)
}

async function listDue(logs: DrizzleD1Database, which: SQL, before: number, limit: number): Promise<ExecutionName[]> {
  return logs
    .select({ organizationId: executions.organizationId, id: executions.id })
    .from(executions)
    .where(isDueBy(which, before))
    .orderBy(executions.wakeAt)
    .limit(limit)
}

function isDueBy(which: SQL, before: number): SQL | undefined {
  return and(which, gt(executions.wakeAt, 0), lt(executions.wakeAt, before))
}

/** Those of these that are still queued are to be looked at again at `until` (epoch ms), and not before. */
export async function putOffQueued(
  logs: DrizzleD1Database,
  queued: readonly ExecutionName[],
  until: number,
): Promise<void> {
  await logs
    .update(executions)
    .set({ wakeAt: until })
    .where(and(isQueued, lt(executions.wakeAt, until), isOneOf(queued)))
}

function isOneOf(some: readonly ExecutionName[]): SQL {
  const names = JSON.stringify(some.map(({ organizationId, id }) => [organizationId, id]))
  return sql`(${executions.organizationId}, ${executions.id}) IN (SELECT value->>0, value->>1 FROM json_each(${names}))`
}

/** Executions of an organization that want to go on by themselves before an instant (epoch ms), the soonest first. */
export async function listWakingSoon(
  logs: DrizzleD1Database,
  organizationId: OrganizationId,
  before: number,
  limit: number,
): Promise<ExecutionId[]> {
  const soon = and(isLive, gt(executions.wakeAt, 0), lt(executions.wakeAt, before))
  const rows = await logs
    .select({ id: executions.id })
    .from(executions)
    .where(and(soon, eq(executions.organizationId, organizationId)))
    .orderBy(executions.wakeAt)
    .limit(limit)
  return rows.map(({ id }) => id)
}

/** Which of some executions have ended, as far as is known here. */
export async function listEnded(
  logs: DrizzleD1Database,
  organizationId: OrganizationId,
  ids: readonly ExecutionId[],
): Promise<ExecutionId[]> {
  if (ids.length === 0) return []
  const some = sql`${executions.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const rows = await logs
    .select({ id: executions.id })
    .from(executions)
    .where(and(eq(executions.organizationId, organizationId), some, isNotNull(executions.finishedAt)))
  return rows.map(({ id }) => id)
}

/** A finished execution whose object may go. */
export interface ErasableExecution extends ExecutionName {
  generation: number
  seq: number
}

/** Finished executions of any organization that need no object any more at `now` (epoch ms). */
export async function listErasable(logs: DrizzleD1Database, now: number, limit: number): Promise<ErasableExecution[]> {
  const { organizationId, id, generation, seq, objectUntil } = executions
  return logs
    .select({ organizationId, id, generation, seq })
    .from(executions)
    .where(and(isNotNull(objectUntil), lte(objectUntil, now)))
    .orderBy(objectUntil)
    .limit(limit)
}

/** These have no object any more. One that went on since then has a new time, after `now`, and keeps it. */
export async function markErased(
  logs: DrizzleD1Database,
  now: number,
  erased: readonly ErasableExecution[],
): Promise<void> {
  await logs
    .update(executions)
    .set({ objectUntil: null })
    .where(and(lte(executions.objectUntil, now), isOneOf(erased)))
}

/** The objects of these could not go: they are asked again at `until` (epoch ms), and stand before nobody until then. */
export async function putOffErasing(
  logs: DrizzleD1Database,
  now: number,
  stuck: readonly ErasableExecution[],
  until: number,
): Promise<void> {
  await logs
    .update(executions)
    .set({ objectUntil: until })
    .where(and(lte(executions.objectUntil, now), isOneOf(stuck)))
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toSummary(row: typeof executions.$inferSelect): ExecutionSummary {
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    versionId: row.versionId,
    versionNumber: row.versionNumber,
    status: row.status,
    trigger: row.triggerKind,
    eventId: row.eventId,
    generation: row.generation,
    acceptedAt: new Date(row.acceptedAt).toISOString(),
    stepCount: row.stepCount,
    ...(row.contactId === null ? {} : { contactId: row.contactId }),
    ...(row.finishedAt === null
      ? {}
      : { finishedAt: new Date(row.finishedAt).toISOString(), durationMs: row.finishedAt - row.acceptedAt }),
    ...(row.wakeAt === null || row.status === 'queued' ? {} : { wakeAt: new Date(row.wakeAt).toISOString() }),
    ...(row.failure === null ? {} : { failure: row.failure }),
  }
}
