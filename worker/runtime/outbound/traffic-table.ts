// traffic-table
//
// The storage of one host's traffic: what is known of it, the turns that were promised, and what others have not been told.
// Made by the first write, so that looking at a host that nobody calls stores nothing.

import type { EventId } from '../../contract/id.ts'
import type { BreakerChange } from '../../outbound/breaker.ts'
import { freshTraffic, type Traffic } from '../../outbound/traffic.ts'

/** A change of the breaker, as others are told of it. */
export interface Letter {
  /** Grows with every letter, also after everything was forgotten. */
  seq: number
  /** Epoch ms. */
  at: number
  change: BreakerChange
  /** Of the event that it emits. */
  eventId: EventId
  reason: string
  since: number
  until: number
  /** A person did it, who is in the audit already. */
  byHand?: true
}

interface Kept {
  traffic: Traffic
  /** The earliest first. */
  letters: Letter[]
  lastSeq: number
  /** When those who wait are to be told that nothing holds them back any more, in epoch ms, the soonest first. */
  releases?: readonly number[]
}

/** A turn that was not taken for so long will not be any more, in ms. */
const staleTurnMs = 3_600_000

export function trafficTable(sql: SqlStorage) {
  let isMade: boolean | undefined
  let kept: Kept | undefined

  function isThere(): boolean {
    isMade ??= sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'traffic'").toArray().length > 0
    return isMade
  }

  function make(): void {
    if (isThere()) return
    sql.exec('CREATE TABLE traffic (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
    sql.exec('CREATE TABLE turns (call TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID')
    isMade = true
  }

  function read(): Kept {
    if (kept !== undefined) return kept
    const rows = isThere() ? sql.exec<{ text: string }>('SELECT text FROM traffic WHERE id = 0').toArray() : []
    kept =
      rows[0] === undefined ? { traffic: freshTraffic, letters: [], lastSeq: 0 } : (JSON.parse(rows[0].text) as Kept)
    return kept
  }

  function write(next: Kept): void {
    make()
    kept = next
    sql.exec('INSERT OR REPLACE INTO traffic (id, text) VALUES (0, ?)', JSON.stringify(next))
  }

  return {
    traffic: (): Traffic => read().traffic,
    letters: (): readonly Letter[] => read().letters,

    /** Writes what is different. A letter's number is given here. */
    keep(traffic: Traffic, letter?: Omit<Letter, 'seq'>): void {
      const before = read()
      if (traffic === before.traffic && letter === undefined) return
      if (letter === undefined) return write({ ...before, traffic })
      const seq = Math.max(before.lastSeq + 1, letter.at)
      write({ traffic, letters: [...before.letters, { ...letter, seq }], lastSeq: seq })
    },

    releases: (): readonly number[] => read().releases ?? [],

    /** Those who wait are to be told at these instants, and at no others. */
    keepReleases(releases: readonly number[]): void {
      write({ ...read(), releases })
    },

    /** Forgets letters up to this one: everybody knows. */
    told(seq: number): void {
      const before = read()
      write({ ...before, letters: before.letters.filter((letter) => letter.seq > seq) })
    },

    /** When a call was promised its turn, in epoch ms. */
    turnOf(call: string): number | undefined {
      if (!isThere()) return undefined
      return sql.exec<{ at: number }>('SELECT at FROM turns WHERE call = ?', call).toArray()[0]?.at
    },

    /** Promises a call its turn, or takes the promise back. */
    promise(call: string, before: number | undefined, at: number | undefined): void {
      if (before === at) return
      make()
      if (at === undefined) sql.exec('DELETE FROM turns WHERE call = ?', call)
      else sql.exec('INSERT OR REPLACE INTO turns (call, at) VALUES (?, ?)', call, at)
    },

    /** Deletes promised turns that were not used in time. True when others remain. */
    dropStaleTurns(now: number): boolean {
      if (!isThere()) return false
      sql.exec('DELETE FROM turns WHERE at < ?', now - staleTurnMs)
      return sql.exec('SELECT 1 FROM turns LIMIT 1').toArray().length > 0
    },

    /** Everything was deleted. */
    forget(): void {
      isMade = false
      kept = undefined
    },
  }
}

export type TrafficTable = ReturnType<typeof trafficTable>
