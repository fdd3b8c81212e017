// inbox-table
//
// The one table of an inbox. A row is an accepted event; `pending` holds what is still to be done with it, as JSON
// text, and becomes NULL when that is confirmed.
//
//   T1. (day, key) is the primary key and the only index: accepting an event writes one row. Looking a key up is one
//       statement with a seek per remembered day, and forgetting a day is one range delete.
//   T2. A row's id tells the event from a later one under the same key: confirming names both.

import type { PendingRef } from '../messages.ts'
import { dayOf, rememberedDays, type Offer, type SeenEvent } from './admit.ts'

/** What a pending event waits for: to be consumed, or for its finished records to reach D1. */
export type PendingKind = 'trigger' | 'records'

export interface PendingEvent extends PendingRef {
  at: number
  kind: PendingKind
  /** JSON text: an `AcceptedTrigger`, or a list of `ExecutionRecord`s. */
  pending: string
}

type Row<Value> = Value & Record<string, SqlStorageValue>

export function inboxTable(sql: SqlStorage) {
  sql.exec(`CREATE TABLE IF NOT EXISTS events (
    day INTEGER NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body_hash TEXT NOT NULL,
    answer TEXT NOT NULL, kind TEXT NOT NULL, pending TEXT, PRIMARY KEY (day, key)
  ) WITHOUT ROWID`)

  return {
    /** Takes an event under a key that the remembered days do not have. Undefined when they have it. */
    insertNew(offer: Offer, kind: PendingKind, pending: string, answer: string): PendingRef | undefined {
      const day = dayOf(offer.at)
      const inserted = sql.exec(
        `INSERT INTO events (day, key, id, at, body_hash, answer, kind, pending)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
         WHERE NOT EXISTS (SELECT 1 FROM events WHERE day IN (${daysBefore(day)}) AND key = ?2)`,
        day,
        offer.key,
        offer.id,
        offer.at,
        offer.bodyHash,
        answer,
        kind,
        pending,
      )
      return inserted.rowsWritten === 0 ? undefined : { day, key: offer.key, id: offer.id }
    },

    /** The latest event under a key within the remembered days. */
    find(key: string, now: number): SeenEvent | undefined {
      const [row] = sql
        .exec<Row<SeenEvent>>(
          `SELECT day, id, at, body_hash AS bodyHash, answer FROM events
           WHERE day IN (${daysBefore(dayOf(now))}) AND key = ? ORDER BY day DESC LIMIT 1`,
          key,
        )
        .toArray()
      return row
    },

    /** Takes an execution's record over. Undefined when it was taken before. */
    insertRecord(key: string, id: string, at: number, record: string): PendingRef | undefined {
      const day = dayOf(at)
      const inserted = sql.exec(
        `INSERT INTO events (day, key, id, at, body_hash, answer, kind, pending)
         VALUES (?, ?, ?, ?, '', '', 'records', ?) ON CONFLICT DO NOTHING`,
        day,
        key,
        id,
        at,
        record,
      )
      return inserted.rowsWritten === 0 ? undefined : { day, key, id }
    },

    /** Frees a key for a new event; the old event keeps its row, under a key of its own. */
    moveAside(key: string, seen: SeenEvent): PendingRef {
      const moved = `${key}#${seen.id}`
      sql.exec('UPDATE events SET key = ? WHERE day = ? AND key = ?', moved, seen.day, key)
      return { day: seen.day, key: moved, id: seen.id }
    },

    /** Those of the named events that are still pending. */
    read(refs: readonly PendingRef[]): PendingEvent[] {
      return sql
        .exec<Row<PendingEvent>>(
          `SELECT e.day, e.key, e.id, e.at, e.kind, e.pending
           FROM json_each(?) AS j JOIN events AS e ON e.day = j.value->>'day' AND e.key = j.value->>'key'
           WHERE e.id = j.value->>'id' AND e.pending IS NOT NULL`,
          JSON.stringify(refs),
        )
        .toArray()
    },

    /** All that is pending, oldest days first. Reads the whole table. */
    listPending(): (PendingRef & { kind: PendingKind })[] {
      return sql
        .exec<Row<PendingRef & { kind: PendingKind }>>(
          'SELECT day, key, id, kind FROM events WHERE pending IS NOT NULL ORDER BY day',
        )
        .toArray()
    },

    /** The pending event that will start an execution, by what was answered to its sender. */
    findByExecution(executionId: string): PendingEvent | undefined {
      const [row] = sql
        .exec<Row<PendingEvent>>(
          `SELECT day, key, id, at, kind, pending FROM events
           WHERE pending IS NOT NULL AND (instr(answer, ?1) > 0 OR instr(key, ?1) > 0) ORDER BY at DESC LIMIT 1`,
          executionId,
        )
        .toArray()
      return row
    },

    /**
     * Marks entries as done. Those that are not there under the same id are left alone (T2). A record that was taken
     * over has no key to remember, and goes.
     */
    confirm(refs: readonly PendingRef[]): void {
      const records = refs.filter(({ key }) => isRecordKey(key))
      if (records.length > 0) {
        sql.exec(
          `DELETE FROM events WHERE (day, key) IN (SELECT value->>'day', value->>'key' FROM json_each(?))`,
          JSON.stringify(records),
        )
        if (records.length === refs.length) return
      }
      sql.exec(
        `UPDATE events SET pending = NULL WHERE (day, key, id) IN
         (SELECT value->>'day', value->>'key', value->>'id' FROM json_each(?))`,
        JSON.stringify(refs),
      )
    },

    /** Forgets days that are no longer remembered, but nothing that is still pending. */
    forget(now: number): void {
      sql.exec('DELETE FROM events WHERE day < ? AND pending IS NULL', dayOf(now) - rememberedDays)
    },
  }
}

let days = { today: -1, list: '' }

/** The remembered days as an SQL list, oldest last. Numbers of ours, and the same text all day: one prepared statement. */
function daysBefore(today: number): string {
  if (days.today !== today) {
    days = { today, list: Array.from({ length: rememberedDays + 1 }, (_, ago) => today - ago).join(', ') }
  }
  return days.list
}

/** The key of an execution's record after one of its turns; no sender's key begins so. */
export function recordKey(executionId: string, generation: number, seq: number): string {
  return `record:${executionId}.${generation}.${seq}`
}

function isRecordKey(key: string): boolean {
  return key.startsWith('record:')
}

export type InboxTable = ReturnType<typeof inboxTable>
