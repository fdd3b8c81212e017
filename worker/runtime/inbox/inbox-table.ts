// inbox-table
//
// The two tables of an inbox: which events it has seen, and what is still to be done.
//
//   T1. `seen` remembers keys. (day, key) is its primary key and its only index; looking a key up is a seek per
//       remembered day, and forgetting a day is one range delete. Nothing but `replace` changes a row.
//   T2. `pending` holds what is to be done as text, in the order in which it came, and a row goes when that is
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
  /** An `AcceptedTrigger` as JSON, or a record as text. */
  text: string
}

type Row<Value> = Value & Record<string, SqlStorageValue>

/** An event to remember, with what its sender was answered and the number of its pending row. */
export interface SeenEntry {
  offer: Offer
  answer: string
  number: number
}

/** A statement takes 100 parameters: 4 of a pending row, 7 of a key. */
const rowsPerInsert = 25
const keysPerInsert = 14

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

    /** Remembers events whose keys the days within their windows do not have. The numbers of those that it remembers. */
    rememberNew(entries: readonly SeenEntry[]): Set<number> {
      const kept = new Set<number>()
      // Earlier days first: what comes right after midnight finds what came right before it.
      const byDays = [...Map.groupBy(entries, ({ offer }) => daysWithin(offer))]
      for (const [days, alike] of byDays.toSorted(([one], [other]) => parseInt(one) - parseInt(other))) {
        for (let from = 0; from < alike.length; from += keysPerInsert) {
          const some = alike.slice(from, from + keysPerInsert)
          const inserted = sql.exec<{ number: number }>(insertSeen(days, some.length), ...some.flatMap(seenRow))
          for (const { number } of inserted) kept.add(number)
        }
      }
      return kept
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
    remember(entry: SeenEntry): void {
      sql.exec(
        'INSERT OR REPLACE INTO seen (day, key, id, at, body_hash, answer, number) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...seenRow(entry),
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

const insertsSeen: { days: string; texts: string[] } = { days: '', texts: [] }

/**
 * Inserts so many, in one statement: each of its own costs as much again as what it does. Of equal keys of one day the
 * first counts; keys of another day are looked up by a statement of theirs, which finds what this one has inserted.
 */
function insertSeen(days: string, count: number): string {
  if (insertsSeen.days !== days) {
    insertsSeen.days = days
    insertsSeen.texts = []
  }
  return (insertsSeen.texts[count] ??= `
    INSERT INTO seen (day, key, id, at, body_hash, answer, number)
    SELECT * FROM (VALUES ${Array(count).fill('(?, ?, ?, ?, ?, ?, ?)').join(', ')}) AS new
    WHERE NOT EXISTS (SELECT 1 FROM seen WHERE day IN (${days}) AND key = new.column2)
    ON CONFLICT (day, key) DO NOTHING
    RETURNING number`)
}

/** The values of a row of `seen`, in the order of its columns. */
function seenRow({ offer: { key, id, at, bodyHash }, answer, number }: SeenEntry) {
  return [dayOf(at), key, id, at, bodyHash, answer, number]
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
