// gate-table
//
// A gate's own storage: a row for each execution that stands there, and a few facts. Made by the first write, gone when
// nobody stands there any more.

import type { Line, Place } from '../../concurrency/line.ts'
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
}

export function gateTable({ sql, kv }: DurableObjectStorage) {
  let known: ReadonlyMap<string, Place> = new Map()
  let isMade = false

  function make(): void {
    if (isMade) return
    sql.exec(`CREATE TABLE IF NOT EXISTS places (
      id TEXT PRIMARY KEY, at INTEGER NOT NULL, seq INTEGER NOT NULL, standing TEXT NOT NULL, told INTEGER NOT NULL,
      seen_at INTEGER, failure TEXT
    ) WITHOUT ROWID`)
    isMade = true
  }

  return {
    /** The line as it was stored; undefined where nothing is. */
    read(): Line | undefined {
      const facts = kv.get<Facts>('facts')
      if (facts === undefined) return undefined
      make()
      const places = new Map(sql.exec<Row>('SELECT * FROM places').toArray().map(toEntry))
      known = new Map(places)
      return { ...facts, places }
    },

    /** Writes what is other than when it was read or written last. To be called in a transaction. */
    write({ places, ...facts }: Line): void {
      make()
      for (const id of known.keys()) if (!places.has(id)) sql.exec('DELETE FROM places WHERE id = ?', id)
      for (const place of places.values()) {
        if (known.get(place.id) === place) continue
        const { id, at, seq, standing, told, seenAt = null, failure } = place
        sql.exec(
          'INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?, ?, ?)',
          id,
          at,
          seq,
          standing,
          told ? 1 : 0,
          seenAt,
          failure === undefined ? null : JSON.stringify(failure),
        )
      }
      kv.put('facts', facts)
      known = new Map(places)
    },

    /** The storage was emptied. */
    forget(): void {
      known = new Map()
      isMade = false
    },
  }
}

function toEntry({ id, at, seq, standing, told, seen_at: seenAt, failure }: Row): [string, Place] {
  const place: Place = {
    id,
    at,
    seq,
    standing,
    told: told === 1,
    ...(seenAt !== null && { seenAt }),
    ...(failure !== null && { failure: JSON.parse(failure) as Failure }),
  }
  return [id, place]
}

export type GateTable = ReturnType<typeof gateTable>
