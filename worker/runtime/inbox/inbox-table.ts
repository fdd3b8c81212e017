// inbox-table
//
// The two tables of an inbox: which events it has seen, and what is still to be done.
//
//   T1. `seen` remembers keys. (day, key) is its primary key and its only index; looking a key up is a seek per
//       remembered day, and forgetting a day is one range delete. Nothing but `replace` changes a row.
//   T2. `pending` holds what is to be done as JSON text, in the order in which it came, and a row goes when that is
//       confirmed. Apart from the keys it is written and deleted at its ends, and rows of keys stay small: together
//       that is three times as fast as one table for both.
//   T3. No number of a pending row is given twice, also not by a later process: a late confirmation can not meet
//       another event. It is made from the time.

import { dayOf, rememberedDays, type Offer, type SeenEvent } from './admit.ts'

/** What a pending row waits for: to be consumed, or to reach D1 as the record of an execution. */
export type PendingKind = 'trigger' | 'records'

export interface PendingRow {
  number: number
  kind: PendingKind
  /** JSON text: an `AcceptedTrigger`, or a `RecordRow`. */
  text: string
}

type Row<Value> = Value & Record<string, SqlStorageValue>

/** A statement takes 100 parameters. */
const rowsPerInsert = 25

export function inboxTable(sql: SqlStorage) {
  sql.exec(`CREATE TABLE IF NOT EXISTS seen (
    day INTEGER NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body_hash TEXT NOT NULL,
    answer TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (day, key)
  ) WITHOUT ROWID`)
  sql.exec(`CREATE TABLE IF NOT EXISTS pending (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, execution_ids TEXT NOT NULL, text TEXT NOT NULL
  )`)
  let last = sql.exec<{ last: number | null }>('SELECT max(number) AS last FROM pending').one().last ?? 0

  return {
    /** A number for a pending row: larger than every one before. */
    nextNumber(): number {
      last = Math.max(last + 1, Date.now() * 1_000)
      return last
    },

    /** Remembers an event under a key that the days within its window do not have. Whether they did not. */
    rememberNew(offer: Offer, answer: string, number: number): boolean {
      const inserted = sql.exec(
        `INSERT INTO seen (day, key, id, at, body_hash, answer, number)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
         WHERE NOT EXISTS (SELECT 1 FROM seen WHERE day IN (${daysWithin(offer)}) AND key = ?2)`,
        ...seenRow(offer, answer, number),
      )
      return inserted.rowsWritten > 0
    },

    /** The latest event under a key within the remembered days. */
    find(key: string, now: number): SeenEvent | undefined {
      const [row] = sql
        .exec<Row<SeenEvent>>(
          `SELECT day, id, at, body_hash AS bodyHash, answer, number FROM seen
           WHERE day IN (${daysUntil(dayOf(now), rememberedDays + 1)}) AND key = ? ORDER BY day DESC LIMIT 1`,
          key,
        )
        .toArray()
      return row
    },

    /** The key means this event from now on. */
    remember(offer: Offer, answer: string, number: number): void {
      sql.exec(
        'INSERT OR REPLACE INTO seen (day, key, id, at, body_hash, answer, number) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...seenRow(offer, answer, number),
      )
    },

    /** As if these events had never come. */
    takeBack(events: readonly { offer: Offer; number: number }[]): void {
      for (const { offer, number } of events) {
        sql.exec('DELETE FROM seen WHERE day = ? AND key = ? AND number = ?', dayOf(offer.at), offer.key, number)
        sql.exec('DELETE FROM pending WHERE number = ?', number)
      }
    },

    /** Keeps what is to be done. `executionIds` is text in which the executions that a trigger starts are found. */
    keep(rows: readonly (PendingRow & { executionIds: string })[]): void {
      for (let from = 0; from < rows.length; from += rowsPerInsert) {
        const some = rows.slice(from, from + rowsPerInsert)
        sql.exec(
          insertPending[some.length - 1]!,
          ...some.flatMap(({ number, kind, executionIds, text }) => [number, kind, executionIds, text]),
        )
      }
    },

    /** Those of the rows that are still there. */
    read(numbers: readonly number[]): PendingRow[] {
      return sql
        .exec<Row<PendingRow>>(
          `SELECT number, kind, text FROM pending WHERE number IN (SELECT value FROM json_each(?))`,
          JSON.stringify(numbers),
        )
        .toArray()
    },

    /** Every row, without its text: a process that died may have left many. */
    list(): Pick<PendingRow, 'number' | 'kind'>[] {
      return sql.exec<Row<Pick<PendingRow, 'number' | 'kind'>>>('SELECT number, kind FROM pending').toArray()
    },

    /** The row of an execution that waits to be begun, or whose record waits for D1. */
    findByExecution(executionId: string): PendingRow | undefined {
      const [row] = sql
        .exec<Row<PendingRow>>(
          `SELECT number, kind, text FROM pending
           WHERE instr(execution_ids, ?1) > 0 OR (kind = 'records' AND instr(text, ?1) > 0)
           ORDER BY number DESC LIMIT 1`,
          executionId,
        )
        .toArray()
      return row
    },

    /** What the rows asked for is done. */
    done(numbers: readonly number[]): void {
      if (numbers.length === 1) sql.exec('DELETE FROM pending WHERE number = ?', numbers[0])
      else {
        sql.exec('DELETE FROM pending WHERE number IN (SELECT value FROM json_each(?))', JSON.stringify(numbers))
      }
    },

    /** Forgets the keys of days that are no longer remembered. */
    forget(now: number): void {
      sql.exec('DELETE FROM seen WHERE day < ?', dayOf(now) - rememberedDays)
    },
  }
}

const insertPending = Array.from(
  { length: rowsPerInsert },
  (_, index) =>
    `INSERT INTO pending (number, kind, execution_ids, text) VALUES ${Array(index + 1)
      .fill('(?, ?, ?, ?)')
      .join(', ')}`,
)

/** The values of a row of `seen`, in the order of its columns. */
function seenRow({ key, id, at, bodyHash }: Offer, answer: string, number: number) {
  return [dayOf(at), key, id, at, bodyHash, answer, number] as const
}

/** The days within an event's window: most windows are a minute, and then it is one day or two. */
function daysWithin({ at, windowMs }: Offer): string {
  const day = dayOf(at)
  return daysUntil(day, Math.min(day - dayOf(at - windowMs), rememberedDays) + 1)
}

const lists: { day: number; texts: string[] } = { day: -1, texts: [] }

/** The last days as an SQL list. Numbers of ours, and the same text all day: one prepared statement. */
function daysUntil(day: number, count: number): string {
  if (lists.day !== day) {
    lists.day = day
    lists.texts = []
  }
  return (lists.texts[count] ??= Array.from({ length: count }, (_, ago) => day - ago).join(', '))
}

export type InboxTable = ReturnType<typeof inboxTable>
