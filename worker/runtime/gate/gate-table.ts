// gate-table
//
// A gate's own storage: a row for each execution that stands there, and a few facts. Made by the first write, gone when
// nobody stands there any more.

import type { Line, Place } from '../../concurrency/line.ts'
import { placesOf } from '../../concurrency/places.ts'
import type { Failure } from '../../contract/failure.ts'

/** All of a line but its places. */
type Facts = Omit<Line, 'places'>

interface Row extends Record<string, SqlStorageValue> {
  id: string
  at: number
  seq: number
  standing: Place['standing']
  told: number
  seen_at: number | null
  failure: string | null
  party: string | null
  lane: string | null
}

export function gateTable({ sql, kv }: DurableObjectStorage) {
  let isMade = false

  function make(): void {
    if (isMade) return
    sql.exec(`CREATE TABLE IF NOT EXISTS places (
      id TEXT PRIMARY KEY, at INTEGER NOT NULL, seq INTEGER NOT NULL, standing TEXT NOT NULL, told INTEGER NOT NULL,
      seen_at INTEGER, failure TEXT, party TEXT, lane TEXT
    ) WITHOUT ROWID`)
    // Gates of earlier releases are without these.
    const columns = sql.exec<{ name: string }>("SELECT name FROM pragma_table_info('places')").toArray()
    if (!columns.some(({ name }) => name === 'lane')) {
      sql.exec('ALTER TABLE places ADD COLUMN party TEXT')
      sql.exec('ALTER TABLE places ADD COLUMN lane TEXT')
    }
    isMade = true
  }

  return {
    /** The line as it was stored; undefined where nothing is. */
    read(): Line | undefined {
      const facts = kv.get<Facts>('facts')
      if (facts === undefined) return undefined
      make()
      return { ...facts, places: placesOf(sql.exec<Row>('SELECT * FROM places').toArray().map(toPlace)) }
    },

    /**
     * Writes what is other than when it was read or written last. To be called in a transaction; a line that could not be
     * written is to be read again.
     */
    write({ places, ...facts }: Line): void {
      make()
      for (const id of places.takeChanged()) {
        const place = places.get(id)
        if (place === undefined) {
          sql.exec('DELETE FROM places WHERE id = ?', id)
          continue
        }
        const { at, seq, standing, told, seenAt = null, failure, party = null, lane = null } = place
        sql.exec(
          'INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          id,
          at,
          seq,
          standing,
          told ? 1 : 0,
          seenAt,
          failure === undefined ? null : JSON.stringify(failure),
          party,
          lane,
        )
      }
      kv.put('facts', facts)
    },

    /** The storage was emptied. */
    forget(): void {
      isMade = false
    },
  }
}

function toPlace({ id, at, seq, standing, told, seen_at: seenAt, failure, party, lane }: Row): Place {
  return {
    id,
    at,
    seq,
    standing,
    told: told === 1,
    ...(seenAt !== null && { seenAt }),
    ...(failure !== null && { failure: JSON.parse(failure) as Failure }),
    ...(party !== null && { party }),
    ...(lane !== null && { lane }),
  }
}

export type GateTable = ReturnType<typeof gateTable>
