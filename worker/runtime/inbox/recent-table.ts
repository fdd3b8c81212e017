// recent-table
//
// Keys that count for a moment: those of events that nobody has named, told by their bodies. Many senders have no others.
//
//   R1. Rows are appended, and go from the other end when their moment is over. Lying in the order of their keys, each
//       would be in a page of its own that has to be written: five times the work, and the more the more there are.
//   R2. Where the row of a key is, is known in memory, by a hash of the key. A fresh process reads it from the rows.
//   R3. What a hash finds is believed when its row has the key. Where it has another, the later key takes its place.

import { hash53 } from '../../lib/hash53.ts'
import type { Offer, SeenEvent } from './admit.ts'
import type { KeyTable, SeenEntry } from './key-table.ts'

/** Windows up to this long, in ms, are a moment. */
const momentMs = 60_000

/** Rows are kept this long, in ms: an event is offered some time after it came, and then perhaps once more. */
const keptMs = 2 * momentMs

/** A statement takes 100 parameters. */
const rowsPerInsert = 16

export const countsForMoment = ({ windowMs }: Offer): boolean => windowMs <= momentMs

export interface RecentTable extends KeyTable {
  /** The largest number there is; 0 where there is none. */
  lastNumber(): number
}

/** Numbers are made from the time: a thousand to the ms. */
const firstKept = (now: number) => (now - keptMs) * 1_000

export function recentTable(sql: SqlStorage, openedAt: number): RecentTable {
  sql.exec(`CREATE TABLE IF NOT EXISTS recent (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body_hash TEXT NOT NULL,
    answer TEXT NOT NULL
  )`)
  /** Numbers by the hash of their keys, the oldest first. */
  const numbers = new Map<number, number>()
  const since = firstKept(openedAt)
  const rows = sql.exec<{ number: number; key: string }>(
    'SELECT number, key FROM recent WHERE number >= ? ORDER BY number',
    since,
  )
  for (const { number, key } of rows) put(hash53(key), number)

  function put(hash: number, number: number): void {
    numbers.delete(hash)
    numbers.set(hash, number)
  }

  function insert(entries: readonly SeenEntry[]): void {
    for (let from = 0; from < entries.length; from += rowsPerInsert) {
      const some = entries.slice(from, from + rowsPerInsert)
      sql.exec(inserts[some.length - 1]!, ...some.flatMap(rowOf))
    }
  }

  return {
    lastNumber: () => sql.exec<{ last: number | null }>('SELECT max(number) AS last FROM recent').one().last ?? 0,

    rememberNew(entries) {
      const fresh = entries.filter(({ offer, number }) => {
        const hash = hash53(offer.key)
        if (numbers.has(hash)) return false
        put(hash, number)
        return true
      })
      insert(fresh)
      return fresh.map(({ number }) => number)
    },

    find({ key }) {
      const number = numbers.get(hash53(key))
      if (number === undefined) return undefined
      const [row] = sql
        .exec<SeenEvent & Record<string, SqlStorageValue>>(
          'SELECT id, at, body_hash AS bodyHash, answer, number FROM recent WHERE number = ? AND key = ?',
          number,
          key,
        )
        .toArray()
      return row
    },

    remember(entry) {
      insert([entry])
      put(hash53(entry.offer.key), entry.number)
    },

    takeBack(entries) {
      for (const { offer, number } of entries) {
        sql.exec('DELETE FROM recent WHERE number = ?', number)
        const hash = hash53(offer.key)
        if (numbers.get(hash) === number) numbers.delete(hash)
      }
    },

    forget(now) {
      const first = firstKept(now)
      for (const [hash, number] of numbers) {
        if (number >= first) break
        numbers.delete(hash)
      }
      sql.exec('DELETE FROM recent WHERE number < ?', first)
    },
  }
}

const inserts = Array.from(
  { length: rowsPerInsert },
  (_, index) =>
    `INSERT INTO recent (number, key, id, at, body_hash, answer) VALUES ${Array(index + 1)
      .fill('(?, ?, ?, ?, ?, ?)')
      .join(', ')}`,
)

/** The values of a row, in the order of its columns. */
function rowOf({ offer: { key, id, at, bodyHash, answer }, number }: SeenEntry) {
  return [number, key, id, at, bodyHash, answer]
}
