// seen-table
//
// Keys that count for days: those that senders, workflows or providers have given their events. (day, key) is the primary key
// and the only index; looking a key up is a seek per remembered day, and forgetting a day is one range delete. Nothing but
// `remember` changes a row.

import { dayOf, rememberedDays, type Offer, type SeenEvent } from './admit.ts'
import type { KeyTable, SeenEntry } from './key-table.ts'

/** A statement takes 100 parameters. */
const rowsPerInsert = 14

export function seenTable(sql: SqlStorage): KeyTable {
  sql.exec(`CREATE TABLE IF NOT EXISTS seen (
    day INTEGER NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body_hash TEXT NOT NULL,
    answer TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (day, key)
  ) WITHOUT ROWID`)

  return {
    rememberNew(entries) {
      const kept: number[] = []
      // Earlier days first: what comes right after midnight finds what came right before it.
      const byDays = [...Map.groupBy(entries, ({ offer }) => daysWithin(offer))]
      for (const [days, alike] of byDays.toSorted(([one], [other]) => parseInt(one) - parseInt(other))) {
        for (let from = 0; from < alike.length; from += rowsPerInsert) {
          const some = alike.slice(from, from + rowsPerInsert)
          const inserted = sql.exec<{ number: number }>(insertNew(days, some.length), ...some.flatMap(rowOf))
          for (const { number } of inserted) kept.push(number)
        }
      }
      return kept
    },

    find({ key, at }) {
      const [row] = sql
        .exec<SeenEvent & Record<string, SqlStorageValue>>(
          `SELECT id, at, body_hash AS bodyHash, answer, number FROM seen
           WHERE day IN (${daysUntil(dayOf(at), rememberedDays + 1)}) AND key = ? ORDER BY day DESC LIMIT 1`,
          key,
        )
        .toArray()
      return row
    },

    remember(entry) {
      sql.exec(
        'INSERT OR REPLACE INTO seen (day, key, id, at, body_hash, answer, number) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...rowOf(entry),
      )
    },

    takeBack(entries) {
      for (const { offer, number } of entries) {
        sql.exec('DELETE FROM seen WHERE day = ? AND key = ? AND number = ?', dayOf(offer.at), offer.key, number)
      }
    },

    forget(now) {
      sql.exec('DELETE FROM seen WHERE day < ?', dayOf(now) - rememberedDays)
    },
  }
}

const inserts: { days: string; texts: string[] } = { days: '', texts: [] }

/**
 * Inserts so many, in one statement: each of its own costs as much again as what it does. Of equal keys of one day the
 * first counts; keys of another day are looked up by a statement of theirs, which finds what this one has inserted.
 */
function insertNew(days: string, count: number): string {
  if (inserts.days !== days) {
    inserts.days = days
    inserts.texts = []
  }
  return (inserts.texts[count] ??= `
    INSERT INTO seen (day, key, id, at, body_hash, answer, number)
    SELECT * FROM (VALUES ${Array(count).fill('(?, ?, ?, ?, ?, ?, ?)').join(', ')}) AS new
    WHERE NOT EXISTS (SELECT 1 FROM seen WHERE day IN (${days}) AND key = new.column2)
    ON CONFLICT (day, key) DO NOTHING
    RETURNING number`)
}

/** The values of a row, in the order of its columns. */
function rowOf({ offer: { key, id, at, bodyHash, answer }, number }: SeenEntry) {
  return [dayOf(at), key, id, at, bodyHash, answer, number]
}

/** The days within an event's window. */
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
