// inbox-table
//
// What lies in an inbox: which events it has seen, and what is still to be done.
//
//   T1. A key counts for days or for a moment, by how it was found; each kind has a table of its own (`seen-table.ts`,
//       `recent-table.ts`).
//   T2. `pending` holds what is to be done as text, in the order in which it came, and a row goes when that is
//       confirmed. Apart from the keys it is written and deleted at its ends, and rows of keys stay small: together
//       that is three times as fast as one table for both.
//   T3. No number of a pending row is given twice, also not by a later process: a late confirmation cannot meet
//       another event. It is made from the time.

import type { Offer, SeenEvent } from './admit.ts'
import { fitsRow, mostRowBytes } from './fits-row.ts'
import type { SeenEntry } from './key-table.ts'
import { countsForMoment, recentTable } from './recent-table.ts'
import { seenTable } from './seen-table.ts'

/** What a pending row waits for: to be consumed, or to reach D1 as the record of an execution. */
export type PendingKind = 'trigger' | 'records'

export interface PendingRow {
  number: number
  kind: PendingKind
  /** An `AcceptedTrigger` as JSON, or a record as text. */
  text: string
}

type Row<Value> = Value & Record<string, SqlStorageValue>

/** Numbers of pending rows are times (T3). */
const numbersPerMs = 1_000

/** When a pending row was kept, by its number: epoch ms. */
export function keptAt(number: number): number {
  return Math.floor(number / numbersPerMs)
}

/**
 * Characters of entries that are given away in one answer: an answer takes 32 MB, and a character two bytes as soon as one of
 * its text is not in Latin-1. The last entry may be two million more.
 */
export const mostTaken = 4_000_000

/** Earlier releases gave records no ids. A record begins with its organization's and its own, within so many characters. */
const idsWithin = 80

/** A statement takes 100 parameters. */
const rowsPerInsert = 25

export function inboxTable(sql: SqlStorage) {
  const seen = seenTable(sql)
  const recent = recentTable(sql, Date.now())
  sql.exec(`CREATE TABLE IF NOT EXISTS pending (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, execution_ids TEXT NOT NULL, text TEXT NOT NULL
  )`)
  const { last: lastPending } = sql.exec<{ last: number | null }>('SELECT max(number) AS last FROM pending').one()
  let last = Math.max(lastPending ?? 0, recent.lastNumber())
  const tableOf = (offer: Offer) => (countsForMoment(offer) ? recent : seen)

  return {
    /** A number for a pending row: larger than every one before. */
    nextNumber(): number {
      last = Math.max(last + 1, Date.now() * numbersPerMs)
      return last
    },

    /** Remembers events whose keys are not known within their windows. The numbers of those that it remembers. */
    rememberNew(entries: readonly SeenEntry[]): Set<number> {
      const [brief, lasting] = [entries.filter(isBrief), entries.filter((entry) => !isBrief(entry))]
      return new Set([...recent.rememberNew(brief), ...seen.rememberNew(lasting)])
    },

    /** The latest event under the key of an offer. */
    find: (offer: Offer): SeenEvent | undefined => tableOf(offer).find(offer),

    /** The key means this event from now on. */
    remember: (entry: SeenEntry): void => tableOf(entry.offer).remember(entry),

    /** As if these events had never come. */
    takeBack(entries: readonly SeenEntry[]): void {
      for (const table of [recent, seen]) table.takeBack(entries)
      for (const { number } of entries) sql.exec('DELETE FROM pending WHERE number = ?', number)
    },

    /**
     * Keeps what is to be done. `executionIds` is text in which the executions are found that a trigger starts, or of which
     * this is the record. Throws where a text is too large for a row.
     */
    keep(rows: readonly (PendingRow & { executionIds: string })[]): void {
      if (!rows.every(({ text }) => fitsRow(text))) throw new Error(`a row of an inbox holds ${mostRowBytes} bytes`)
      for (let from = 0; from < rows.length; from += rowsPerInsert) {
        const some = rows.slice(from, from + rowsPerInsert)
        sql.exec(
          insertPending[some.length - 1]!,
          ...some.flatMap(({ number, kind, executionIds, text }) => [number, kind, executionIds, text]),
        )
      }
    },

    /** What is to be done for an entry is another thing now, of the same executions. False where it is gone, or too large. */
    replace({ number, kind, text }: PendingRow): boolean {
      if (!fitsRow(text)) return false
      return sql.exec('UPDATE pending SET kind = ?, text = ? WHERE number = ?', kind, text, number).rowsWritten > 0
    },

    /**
     * Those of the rows that are still there, the oldest first, at least one and not many more than `most` characters of
     * them; `left`: the numbers that were not looked at because of that.
     */
    read(numbers: readonly number[], most: number): { rows: PendingRow[]; left: number[] } {
      const rows: PendingRow[] = []
      let characters = 0
      const found = sql.exec<Row<PendingRow>>(
        `SELECT number, kind, text FROM pending WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number`,
        JSON.stringify(numbers),
      )
      for (const row of found) {
        rows.push(row)
        characters += row.text.length
        if (characters >= most) return { rows, left: numbers.filter((number) => number > row.number) }
      }
      return { rows, left: [] }
    },

    /** Every row, without its text: a process that died may have left many. */
    list(): Pick<PendingRow, 'number' | 'kind'>[] {
      return sql.exec<Row<Pick<PendingRow, 'number' | 'kind'>>>('SELECT number, kind FROM pending').toArray()
    },

    /**
     * The row of an execution that waits to be begun, or whose record waits for D1. Looks at the ids and not at what the
     * rows hold: a text may mention an execution that it is not of, and there may be many that wait.
     */
    findByExecution(executionId: string): PendingRow | undefined {
      const [row] = sql
        .exec<Row<PendingRow>>(
          `SELECT number, kind, text FROM pending
           WHERE instr(execution_ids, ?1) > 0 OR (execution_ids = '' AND instr(substr(text, 1, ${idsWithin}), ?1) > 0)
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

    /** Forgets the keys that count no more. */
    forget(now: number): void {
      seen.forget(now)
      recent.forget(now)
    },
  }
}

const isBrief = ({ offer }: SeenEntry) => countsForMoment(offer)

const insertPending = Array.from(
  { length: rowsPerInsert },
  (_, index) =>
    `INSERT INTO pending (number, kind, execution_ids, text) VALUES ${Array(index + 1)
      .fill('(?, ?, ?, ?)')
      .join(', ')}`,
)

export type InboxTable = ReturnType<typeof inboxTable>
