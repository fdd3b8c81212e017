// waiter-table
//
// A waiter object's own storage: events, the steps that wait, and the deliveries that are still to be made. The tables are
// made by the first write, so looking at an erased object stores nothing.

import type { ExecutionId } from '../../contract/id.ts'
import type { Heard } from '../../engine/behaviour.ts'
import type { Listening } from '../../engine/effect.ts'
import { matchesEventType } from '../../triggers/event-match.ts'

export interface Delivery {
  seq: number
  executionId: string
  path: string
  /** JSON text of a `Heard`. */
  event: string
}

interface Asked {
  at: number
  after: string
}

export type WaiterTable = ReturnType<typeof waiterTable>

/** Keeps the latest `maxEvents`. */
export function waiterTable(storage: DurableObjectStorage, maxEvents: number) {
  const { sql } = storage
  let isMade = false

  function make(): void {
    if (isMade) return
    sql.exec(`
      CREATE TABLE IF NOT EXISTS events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL
      );
      CREATE TABLE IF NOT EXISTS waiters (
        execution_id TEXT NOT NULL, path TEXT NOT NULL, match TEXT NOT NULL, since INTEGER NOT NULL, due_at INTEGER NOT NULL,
        PRIMARY KEY (execution_id, path)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS deliveries (
        seq INTEGER NOT NULL, execution_id TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (execution_id, path, seq)
      ) WITHOUT ROWID`)
    isMade = true
  }

  const exists = () => isMade || sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'waiters'").toArray().length > 0

  return {
    /** Stores an event with a delivery for each step that waits for it. False when it is known. */
    keep({ id, type, at, data }: Heard): boolean {
      return storage.transactionSync(() => {
        make()
        const event = JSON.stringify({ id, type, at, data })
        const [row] = sql
          .exec<{ seq: number }>(
            'INSERT INTO events (id, type, at, event) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq',
            id,
            type,
            at,
            event,
          )
          .toArray()
        if (row === undefined) return false
        // One in, one out; but an event that is still to be delivered stays.
        sql.exec('DELETE FROM events WHERE seq = ? AND seq NOT IN (SELECT seq FROM deliveries)', row.seq - maxEvents)
        const matches = sql.exec<{ match: string }>('SELECT DISTINCT match FROM waiters').toArray()
        for (const { match } of matches.filter((wait) => matchesEventType(wait.match, type))) {
          sql.exec(
            `INSERT OR IGNORE INTO deliveries (seq, execution_id, path)
             SELECT ?, execution_id, path FROM waiters WHERE match = ? AND since <= ? AND due_at >= ?`,
            row.seq,
            match,
            at,
            at,
          )
        }
        return true
      })
    },

    /** Stores a step that waits, with a delivery for each past event it may wait for. A step that is stored changes nothing. */
    listen(executionId: string, { path, topic, dueAt }: Listening): void {
      storage.transactionSync(() => {
        make()
        const { match, since } = topic
        const known = sql
          .exec<{ since: number }>(
            'SELECT since FROM waiters WHERE execution_id = ? AND path = ? AND match = ? AND since = ? AND due_at = ?',
            executionId,
            path,
            match,
            since,
            dueAt,
          )
          .toArray()
        if (known.length > 0) return
        sql.exec(
          'INSERT OR REPLACE INTO waiters (execution_id, path, match, since, due_at) VALUES (?, ?, ?, ?, ?)',
          executionId,
          path,
          match,
          since,
          dueAt,
        )
        const past = sql.exec<{ seq: number; type: string }>(
          'SELECT seq, type FROM events WHERE at >= ? AND at <= ? ORDER BY seq',
          since,
          dueAt,
        )
        for (const { seq, type } of past.toArray()) {
          if (!matchesEventType(match, type)) continue
          sql.exec(
            'INSERT OR IGNORE INTO deliveries (seq, execution_id, path) VALUES (?, ?, ?)',
            seq,
            executionId,
            path,
          )
        }
      })
    },

    hasDeliveries: () => exists() && sql.exec('SELECT 1 FROM deliveries LIMIT 1').toArray().length > 0,

    /** The next event of each of some steps, but for those that are named as `execution path`. */
    nextDeliveries(limit: number, except: ReadonlySet<string>): Delivery[] {
      if (!exists()) return []
      return sql
        .exec<{ seq: number; executionId: string; path: string; event: string }>(
          `SELECT d.seq, d.execution_id AS executionId, d.path, e.event
           FROM (SELECT execution_id, path, min(seq) AS seq FROM deliveries GROUP BY execution_id, path) AS d
           JOIN events AS e ON e.seq = d.seq
           LIMIT ?`,
          limit + except.size,
        )
        .toArray()
        .filter(({ executionId, path }) => !except.has(`${executionId} ${path}`))
        .slice(0, limit)
    },

    /** The step goes on waiting: the event was not the one. */
    delivered(seq: number, executionId: string, path: string): void {
      sql.exec('DELETE FROM deliveries WHERE seq = ? AND execution_id = ? AND path = ?', seq, executionId, path)
    },

    /** The step does not wait any more. */
    forget(executionId: string, path: string): void {
      storage.transactionSync(() => {
        sql.exec('DELETE FROM deliveries WHERE execution_id = ? AND path = ?', executionId, path)
        sql.exec('DELETE FROM waiters WHERE execution_id = ? AND path = ?', executionId, path)
      })
    },

    /** Executions that wait, in the order of their ids, beginning after one of them. */
    listWaiting(after: string, limit: number): ExecutionId[] {
      if (!exists()) return []
      return sql
        .exec<{ id: ExecutionId }>(
          'SELECT DISTINCT execution_id AS id FROM waiters WHERE execution_id > ? ORDER BY execution_id LIMIT ?',
          after,
          limit,
        )
        .toArray()
        .map(({ id }) => id)
    },

    /** The steps at which an execution is noted to wait. */
    pathsOf: (executionId: string): string[] =>
      sql
        .exec<{ path: string }>('SELECT path FROM waiters WHERE execution_id = ?', executionId)
        .toArray()
        .map(({ path }) => path),

    /** When those who wait were last looked up (epoch ms), and up to whom. */
    asked: (): Asked => storage.kv.get<Asked>('asked') ?? { at: 0, after: '' },

    /** Nothing is written where nobody waits. */
    noteAsked(asked: Asked): void {
      if (exists()) storage.kv.put('asked', asked)
    },

    /** Drops who waited long enough, and events that are too old or too many, but for those still to be brought. */
    tidy({ now, eventsBefore }: { now: number; eventsBefore: number }): boolean {
      if (!exists()) return false
      return storage.transactionSync(() => {
        // A day later than its time: an event that came in time may still be on its way.
        sql.exec('DELETE FROM waiters WHERE due_at < ?', now - 86_400_000)
        sql.exec(
          `DELETE FROM events WHERE seq NOT IN (SELECT seq FROM deliveries)
             AND (at < ? OR seq <= (SELECT max(seq) FROM events) - ?)`,
          eventsBefore,
          maxEvents,
        )
        const [left] = sql
          .exec<{ any: number }>(
            'SELECT EXISTS (SELECT 1 FROM events) OR EXISTS (SELECT 1 FROM waiters) OR EXISTS (SELECT 1 FROM deliveries) AS any',
          )
          .toArray()
        if (left?.any !== 1) isMade = false
        return left?.any === 1
      })
    },
  }
}
