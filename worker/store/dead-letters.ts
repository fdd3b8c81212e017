// dead-letters
//
// One list of two sources, and nothing is kept twice:
//
//   L1. An execution that failed for good is a dead letter for as long as its row says so. A redrive gives it another
//       status; discarding notes the generation that was discarded, so that one that fails again is in the list again.
//   L2. What had to leave an inbox undone has a row of its own, which is all that is left of it until it is tried again.

import { and, desc, eq, isNull, lt, ne, or, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { DeadLetterId, DeadLetterKind, DeadLetterListQuery, DeadLetterSummary } from '../contract/dead-letter.ts'
import type { Page } from '../contract/error.ts'
import type { Failure } from '../contract/failure.ts'
import type { ExecutionId, OrganizationId, WorkflowId } from '../contract/id.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deadLetters } from './schema/logs/dead-letters.ts'
import { executions } from './schema/logs/executions.ts'

/** A dead letter as it is stored: the execution's generation, or the payload of what left an inbox (JSON text). */
export type StoredDeadLetter =
  | { from: 'execution'; summary: DeadLetterSummary; executionId: ExecutionId; generation: number }
  | { from: 'inbox'; summary: DeadLetterSummary; payload: string }

/** What left an inbox undone. */
export interface NewDeadLetter {
  organizationId: OrganizationId
  id: DeadLetterId
  kind: 'event' | 'record'
  workflowId: WorkflowId | null
  workflowName: string | null
  reason: Failure
  attempts: number
  /** Epoch ms. */
  firstAt: number
  lastAt: number
  payload: string
}

/** The condition of the index, word for word: with bound values SQLite would not use it. */
const hasFailed = sql.raw(`status IN ('failed', 'timed_out', 'completed_with_errors')`)
const stepFailed = sql.raw(`status = 'completed_with_errors'`)
const wholeFailed = sql.raw(`status IN ('failed', 'timed_out')`)

/** The organization's dead letters. `visibleWorkflows` narrows to what the member may see; undefined: to all of them. */
export function deadLetterStore(
  logs: DrizzleD1Database,
  { organizationId }: Pick<Scope, 'organizationId'>,
  visibleWorkflows: readonly WorkflowId[] | undefined,
) {
  const visible = (column: typeof executions.workflowId | typeof deadLetters.workflowId) =>
    visibleWorkflows === undefined
      ? undefined
      : sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(visibleWorkflows)}))`
  const failed = and(
    eq(executions.organizationId, organizationId),
    hasFailed,
    // What was only pretended has not failed anybody.
    ne(executions.triggerKind, 'pretend_fork'),
    or(isNull(executions.discardedGeneration), ne(executions.discardedGeneration, executions.generation)),
    visible(executions.workflowId),
  )
  const left = and(eq(deadLetters.organizationId, organizationId), visible(deadLetters.workflowId))

  async function failedExecutions(
    { kind, workflowId, limit }: DeadLetterListQuery,
    before: SQL | undefined,
  ): Promise<DeadLetterSummary[]> {
    if (kind === 'event' || kind === 'record') return []
    const ofKind = kind === undefined ? undefined : kind === 'step' ? stepFailed : wholeFailed
    const wanted = workflowId === undefined ? undefined : eq(executions.workflowId, workflowId)
    const rows = await logs
      .select()
      .from(executions)
      .where(and(failed, ofKind, wanted, before))
      .orderBy(desc(executions.finishedAt), desc(executions.id))
      .limit(limit + 1)
    return rows.map(ofExecution)
  }

  async function leftInboxes(
    { kind, workflowId, limit }: DeadLetterListQuery,
    before: SQL | undefined,
  ): Promise<DeadLetterSummary[]> {
    if (kind === 'execution' || kind === 'step') return []
    const ofKind = kind === undefined ? undefined : eq(deadLetters.kind, kind)
    const wanted = workflowId === undefined ? undefined : eq(deadLetters.workflowId, workflowId)
    const rows = await logs
      .select()
      .from(deadLetters)
      .where(and(left, ofKind, wanted, before))
      .orderBy(desc(deadLetters.lastAt), desc(deadLetters.id))
      .limit(limit + 1)
    return rows.map(ofInbox)
  }

  return {
    /** What was given up last comes first. */
    async list(query: DeadLetterListQuery): Promise<Page<DeadLetterSummary>> {
      const [at, id] = query.cursor === undefined ? [undefined, ''] : decodeCursor(query.cursor)
      const before = (time: typeof executions.finishedAt | typeof deadLetters.lastAt, name: SQL) =>
        at === undefined ? undefined : or(lt(time, at), and(eq(time, at), sql`${name} < ${id}`))
      const lists = await Promise.all([
        failedExecutions(query, before(executions.finishedAt, sql`${executions.id}`)),
        leftInboxes(query, before(deadLetters.lastAt, sql`${deadLetters.id}`)),
      ])
      const letters = lists.flat().sort(newestFirst)
      const items = letters.slice(0, query.limit)
      const last = items.at(-1)
      return letters.length > query.limit && last !== undefined
        ? { items, nextCursor: encodeCursor([Date.parse(last.lastAt), last.id]) }
        : { items }
    },

    async find(id: DeadLetterId): Promise<StoredDeadLetter | undefined> {
      const [row] = await logs
        .select()
        .from(deadLetters)
        .where(and(left, eq(deadLetters.id, id)))
      if (row !== undefined) return { from: 'inbox', summary: ofInbox(row), payload: row.payload }
      const [execution] = await logs
        .select()
        .from(executions)
        .where(and(failed, eq(executions.id, id as ExecutionId)))
      if (execution === undefined) return undefined
      const { generation } = execution
      return { from: 'execution', summary: ofExecution(execution), executionId: execution.id, generation }
    },

    /** Takes a letter off the list. False when it was not there any more, or was given up once more since it was read. */
    async remove(letter: StoredDeadLetter): Promise<boolean> {
      const removed =
        letter.from === 'inbox'
          ? await logs
              .delete(deadLetters)
              .where(
                and(
                  left,
                  eq(deadLetters.id, letter.summary.id),
                  eq(deadLetters.lastAt, Date.parse(letter.summary.lastAt)),
                ),
              )
              .returning({ id: deadLetters.id })
          : await logs
              .update(executions)
              .set({ discardedGeneration: letter.generation })
              .where(and(failed, eq(executions.id, letter.executionId), eq(executions.generation, letter.generation)))
              .returning({ id: executions.id })
      return removed.length > 0
    },
  }
}

/** Keeps what leaves an inbox undone. The same again adds to its attempts and takes the newer reason. */
export async function keepDeadLetter(logs: DrizzleD1Database, letter: NewDeadLetter): Promise<void> {
  await logs
    .insert(deadLetters)
    .values(letter)
    .onConflictDoUpdate({
      target: [deadLetters.organizationId, deadLetters.id],
      set: {
        reason: letter.reason,
        attempts: sql`${deadLetters.attempts} + ${letter.attempts}`,
        lastAt: letter.lastAt,
        payload: letter.payload,
      },
    })
}

function newestFirst(one: DeadLetterSummary, other: DeadLetterSummary): number {
  if (one.lastAt !== other.lastAt) return one.lastAt < other.lastAt ? 1 : -1
  return one.id < other.id ? 1 : -1
}

const unknownReason: Failure = { kind: 'terminal', code: 'execution.failed', message: 'The execution failed.' }
const passedOver: Failure = {
  kind: 'terminal',
  code: 'step.failed',
  message: 'A step failed with all its retries, and the execution went on without it.',
}

/** The row is ours to change; the contract is a promise. Here is where they meet. */
function ofExecution(row: typeof executions.$inferSelect): DeadLetterSummary {
  const kind: DeadLetterKind = row.status === 'completed_with_errors' ? 'step' : 'execution'
  return {
    id: row.id,
    kind,
    reason: row.failure ?? (kind === 'step' ? passedOver : unknownReason),
    attempts: row.generation,
    firstAt: new Date(row.acceptedAt).toISOString(),
    lastAt: new Date(row.finishedAt ?? row.acceptedAt).toISOString(),
    workflowId: row.workflowId,
    workflowName: row.workflowName,
  }
}

function ofInbox(row: typeof deadLetters.$inferSelect): DeadLetterSummary {
  const { id, kind, reason, attempts, firstAt, lastAt, workflowId, workflowName } = row
  return {
    id,
    kind,
    reason,
    attempts,
    firstAt: new Date(firstAt).toISOString(),
    lastAt: new Date(lastAt).toISOString(),
    ...(workflowId === null ? {} : { workflowId }),
    ...(workflowName === null ? {} : { workflowName }),
  }
}
