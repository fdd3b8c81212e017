// enrolment-table
//
// A contact's enrolments, in its own storage. Tables are made by the first write.
//
//   T1. A row is a decision: let in, or blocked and why. It is kept under the id of the execution it is about, so
//       the same event asked about twice finds the same decision.
//   T2. What is still to be told stands in the row: a revision that D1 does not have, an order to the execution.
//   T3. Bounded: blocked decisions for 7 days, and as many ended enrolments of a workflow as a limit can count.

import { contactLimitBounds } from '../../contract/facts/contact-limits.ts'
import type { BlockedReason, EnrolmentEnd } from '../../contract/enrolment.ts'
import { enrolmentLimits } from '../../contract/facts/enrolment.ts'
import type { EventId, ExecutionId, VersionId, WorkflowId } from '../../contract/id.ts'
import type { EnrolmentRules } from '../../enrolment/rules.ts'
import type { EnrolmentNote } from '../../store/enrolment-projection.ts'
import type { OutgoingEvent } from '../inbox/event-offer.ts'

/**
 * What an execution is still to be told, or asked. A goal is reached once per enrolment, so it tells one order to go somewhere
 * from another; orders of earlier releases have none.
 */
export type Order =
  | { kind: 'leave'; reason: string }
  | { kind: 'goTo'; nodeId: string; reason: string; goalId?: string }
  /** Whether it has begun at all. */
  | { kind: 'ask' }

/** A decision. Times are epoch ms. */
export interface EnrolmentRow extends EnrolmentNote {
  versionId: VersionId
  /** The revision that D1 has. */
  told: number
  order: Order | null
}

interface StoredRow extends Record<string, SqlStorageValue> {
  id: string
  workflow: string
  version: string
  event: string
  at: number
  revision: number
  told: number
  ended: number | null
  ended_by: string | null
  reason: string | null
  retry_at: number | null
  goals: string
  pending: string | null
}

const blockedForMs = 7 * 86_400_000

export function enrolmentTable(sql: SqlStorage) {
  let isMade: boolean | undefined
  let areEventsMade: boolean | undefined
  let areStartsMade: boolean | undefined

  function isThere(): boolean {
    isMade ??= sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'enrolments'").toArray().length > 0
    return isMade
  }

  function make(): void {
    if (isThere()) return
    sql.exec(`CREATE TABLE enrolments (
      id TEXT PRIMARY KEY, workflow TEXT NOT NULL, version TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL,
      revision INTEGER NOT NULL, told INTEGER NOT NULL, ended INTEGER, ended_by TEXT, reason TEXT, retry_at INTEGER,
      goals TEXT NOT NULL, pending TEXT
    ) WITHOUT ROWID`)
    sql.exec('CREATE INDEX enrolments_by_workflow ON enrolments (workflow, at)')
    sql.exec('CREATE INDEX enrolments_open ON enrolments (at) WHERE ended IS NULL AND reason IS NULL')
    sql.exec('CREATE INDEX enrolments_untold ON enrolments (at) WHERE told < revision OR pending IS NOT NULL')
    sql.exec('CREATE TABLE enrolment_rules (version TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID')
    isMade = true
  }

  function select(where: string, ...bound: SqlStorageValue[]): EnrolmentRow[] {
    if (!isThere()) return []
    return sql
      .exec<StoredRow>(`SELECT * FROM enrolments WHERE ${where}`, ...bound)
      .toArray()
      .map(toRow)
  }

  return {
    find: (id: ExecutionId): EnrolmentRow | undefined => select('id = ?', id)[0],

    /** Those of a workflow that were let in, in any order. */
    listHistory: (workflowId: WorkflowId) => select('workflow = ? AND reason IS NULL', workflowId),

    /** Those that go on, the oldest first. */
    listOpen: () => select('ended IS NULL AND reason IS NULL ORDER BY at, id'),

    /** Those of which somebody is still to be told. */
    listUntold: () => select('told < revision OR pending IS NOT NULL ORDER BY at, id LIMIT 200'),

    isBusy(): boolean {
      if (!isThere()) return false
      const found = sql.exec('SELECT 1 FROM enrolments WHERE told < revision OR pending IS NOT NULL LIMIT 1')
      return found.toArray().length > 0 || hasEvents()
    },

    /** Keeps an event until it lies in an inbox. */
    addEvent(event: OutgoingEvent): void {
      if (!areEventsThere()) {
        sql.exec('CREATE TABLE enrolment_events (id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID')
        areEventsMade = true
      }
      sql.exec('INSERT INTO enrolment_events VALUES (?, ?)', event.eventId, JSON.stringify(event))
    },

    /** Those that still have to be brought to an inbox, the oldest first. */
    listEvents(): OutgoingEvent[] {
      if (!areEventsThere()) return []
      return sql
        .exec<{ text: string }>('SELECT text FROM enrolment_events ORDER BY id LIMIT 200')
        .toArray()
        .map(({ text }) => JSON.parse(text) as OutgoingEvent)
    },

    dropEvents(ids: readonly EventId[]): void {
      if (ids.length === 0) return
      sql.exec('DELETE FROM enrolment_events WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids))
    },

    /** Adds a decision, with the rules it was made by where somebody was let in. */
    add(row: EnrolmentRow, rules: EnrolmentRules): void {
      make()
      const { id, workflowId, versionId, eventId, at, revision, reason, retryAt } = row
      sql.exec(
        `INSERT INTO enrolments (id, workflow, version, event, at, revision, told, reason, retry_at, goals)
         VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, '[]')`,
        id,
        workflowId,
        versionId,
        eventId,
        at,
        revision,
        reason,
        retryAt,
      )
      if (reason === null) {
        sql.exec('INSERT OR IGNORE INTO enrolment_rules VALUES (?, ?)', versionId, JSON.stringify(rules))
      }
      prune(workflowId, at)
    },

    /** Whether an execution that counts towards the organization's limits has been let in. */
    hasBegun: (id: ExecutionId): boolean =>
      areStartsThere() && sql.exec('SELECT 1 FROM contact_starts WHERE id = ?', id).toArray().length > 0,

    /** When executions began that count, in epoch ms and any order. */
    listStarts: (): number[] =>
      areStartsThere()
        ? sql
            .exec<{ at: number }>('SELECT at FROM contact_starts')
            .toArray()
            .map(({ at }) => at)
        : [],

    /** An execution counts from now on, for as long as any limit can look back. */
    noteStart(id: ExecutionId, at: number): void {
      if (!areStartsThere()) {
        sql.exec('CREATE TABLE contact_starts (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID')
        areStartsMade = true
      }
      sql.exec('DELETE FROM contact_starts WHERE at < ?', at - contactLimitBounds.mostMs)
      sql.exec('INSERT OR IGNORE INTO contact_starts VALUES (?, ?)', id, at)
    },

    rulesOf(versionId: VersionId): EnrolmentRules | undefined {
      const [row] = sql
        .exec<{ text: string }>('SELECT text FROM enrolment_rules WHERE version = ?', versionId)
        .toArray()
      return row && (JSON.parse(row.text) as EnrolmentRules)
    },

    /** Writes what changes in the course of time, as a new revision. */
    change({ id, endedAt, endedBy, goals, order }: EnrolmentRow): void {
      sql.exec(
        'UPDATE enrolments SET revision = revision + 1, ended = ?, ended_by = ?, goals = ?, pending = ? WHERE id = ?',
        endedAt,
        endedBy,
        JSON.stringify(goals),
        order === null ? null : JSON.stringify(order),
        id,
      )
      if (endedAt !== null) {
        sql.exec(
          `DELETE FROM enrolment_rules WHERE version NOT IN
             (SELECT version FROM enrolments WHERE ended IS NULL AND reason IS NULL)`,
        )
      }
    },

    /** D1 has this revision. */
    markTold(id: ExecutionId, revision: number): void {
      sql.exec('UPDATE enrolments SET told = ?1 WHERE id = ?2 AND told < ?1', revision, id)
    },

    /** The execution has been told, unless there is something else to tell it by now. */
    dropOrder(id: ExecutionId, order: Order): void {
      sql.exec('UPDATE enrolments SET pending = NULL WHERE id = ? AND pending = ?', id, JSON.stringify(order))
    },

    /** Forgets that there were tables: the storage has been erased. */
    forget(): void {
      isMade = false
      areEventsMade = false
      areStartsMade = false
    },
  }

  function hasEvents(): boolean {
    return areEventsThere() && sql.exec('SELECT 1 FROM enrolment_events LIMIT 1').toArray().length > 0
  }

  function areStartsThere(): boolean {
    areStartsMade ??= sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'contact_starts'").toArray().length > 0
    return areStartsMade
  }

  /** Made apart from the others: contacts of earlier releases do not have it, and most never need it. */
  function areEventsThere(): boolean {
    areEventsMade ??= sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'enrolment_events'").toArray().length > 0
    return areEventsMade
  }

  function prune(workflowId: WorkflowId, now: number): void {
    sql.exec('DELETE FROM enrolments WHERE reason IS NOT NULL AND told = revision AND at < ?', now - blockedForMs)
    sql.exec(
      `DELETE FROM enrolments WHERE workflow = ?1 AND ended IS NOT NULL AND told = revision AND pending IS NULL AND at <
         (SELECT at FROM enrolments WHERE workflow = ?1 AND reason IS NULL ORDER BY at DESC LIMIT 1 OFFSET ?2)`,
      workflowId,
      enrolmentLimits.perContact,
    )
  }
}

export type EnrolmentTable = ReturnType<typeof enrolmentTable>

function toRow(row: StoredRow): EnrolmentRow {
  return {
    id: row.id as ExecutionId,
    workflowId: row.workflow as WorkflowId,
    versionId: row.version as VersionId,
    eventId: row.event as EventId,
    at: row.at,
    revision: row.revision,
    told: row.told,
    endedAt: row.ended,
    endedBy: row.ended_by as EnrolmentEnd | null,
    reason: row.reason as BlockedReason | null,
    retryAt: row.retry_at,
    goals: JSON.parse(row.goals) as EnrolmentRow['goals'],
    order: row.pending === null ? null : (JSON.parse(row.pending) as Order),
  }
}
