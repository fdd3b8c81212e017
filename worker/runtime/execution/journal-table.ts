// journal-table
//
// An execution's own storage: one row per turn, and of a long one a snapshot.
//
//   J1. Row 0 is what the execution was started with: its header and the turns already played, as JSON text.
//   J2. The table is made by the first write. Looking at an execution that was erased, or never was, stores nothing.
//   J3. A value holds 2 MB, so a long turn lies in several parts of one seq.
//   J4. The snapshot of turn n is row -n, and there is one at most. So what a wake reads is one statement, and the smallest
//       seq says from where on: from 0 where there is no snapshot.

import type { JournalEntry } from '../../engine/event.ts'
import type { Input } from '../../engine/input.ts'
import { cutText } from '../../lib/cut-text.ts'
import type { ExecutionHeader } from './execution-header.ts'

/** How an execution begins in its object: header, and the turns that were played before it had one. */
export interface ExecutionInit {
  header: ExecutionHeader
  entries: JournalEntry[]
  /** With what it starts, where no turn has been played: an execution that another one called. */
  begin?: Omit<Extract<Input, { type: 'start' }>, 'type'>
  /**
   * What became of the calls that these turns ask for. `lost`: they may have been made by a process that is gone.
   * `underWay`: the keys of those that are made by who starts the object, and reports each. Absent: nobody has made any.
   */
  calls?: 'lost' | { underWay: readonly string[] }
}

/** What a wake reads of an execution. */
export interface KeptExecution {
  /** `entries`: those after the snapshot, where there is one. */
  init: ExecutionInit
  /** The state after turn `seq`, as `freeze` gave it. */
  snapshot?: { seq: number; text: string }
  /** The last turn that had been played when it was given to its object; 0 where none had. */
  begunWith: number
}

/** The last turn of these. */
export function lastOf(entries: readonly JournalEntry[]): number {
  return entries.at(-1)?.seq ?? 0
}

/** Characters per row; 2 MB is the platform's limit, in bytes, and a character may take three. */
const maxCharacters = 600_000

export function journalTable(sql: SqlStorage) {
  function insert(seq: number, text: string): void {
    for (const [part, piece] of cutText(text, maxCharacters).entries()) {
      sql.exec('INSERT INTO journal (seq, part, text) VALUES (?, ?, ?)', seq, part, piece)
    }
  }

  /** The rows of a statement, whole, by their seq. None where there is no table: asking for it first would be another one. */
  function texts(query: string): Map<number, string> {
    const found = new Map<number, string>()
    for (const { seq, text } of rows(query)) found.set(seq, (found.get(seq) ?? '') + text)
    return found
  }

  function rows(query: string): { seq: number; text: string }[] {
    try {
      return sql.exec<{ seq: number; text: string }>(query).toArray()
    } catch (error) {
      if (String(error).includes('no such table')) return []
      throw error
    }
  }

  return {
    /** What it takes to go on. Undefined when this execution has no storage. */
    read(): KeptExecution | undefined {
      const found = texts(fromSnapshotOn)
      const first = found.get(0)
      if (first === undefined) return undefined
      const [least] = found.keys()
      if (least === undefined || least >= 0) return toKept(first, found, 0)
      const snapshot = { seq: -least, text: found.get(least)! }
      return { ...toKept(first, found, snapshot.seq), snapshot }
    },

    /** The execution with its whole journal. Undefined when it has no storage. */
    readWhole(): ExecutionInit | undefined {
      const found = texts(withoutSnapshot)
      const first = found.get(0)
      return first === undefined ? undefined : toKept(first, found, 0).init
    },

    /** Begins an execution that has no storage; `init` is JSON text of an `ExecutionInit`. False when it has some. */
    begin(init: string): boolean {
      const { rowsWritten } = sql.exec(`CREATE TABLE IF NOT EXISTS journal (
        seq INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (seq, part)
      ) WITHOUT ROWID`)
      if (rowsWritten === 0) return false
      insert(0, init)
      return true
    },

    /** From now on it goes by another header; what was played stays. */
    rehead(header: ExecutionHeader): void {
      const parts = sql.exec<{ text: string }>('SELECT text FROM journal WHERE seq = 0 ORDER BY part').toArray()
      const init = JSON.parse(parts.map(({ text }) => text).join('')) as ExecutionInit
      sql.exec('DELETE FROM journal WHERE seq = 0')
      insert(0, JSON.stringify({ ...init, header }))
    },

    append(entry: JournalEntry): void {
      insert(entry.seq, JSON.stringify(entry))
    },

    /** Keeps the state after turn `seq`, which is there, in the place of any snapshot before. */
    keepSnapshot(seq: number, text: string): void {
      sql.exec('DELETE FROM journal WHERE seq < 0')
      insert(-seq, text)
    },
  }
}

const withoutSnapshot = 'SELECT seq, text FROM journal WHERE seq >= 0 ORDER BY seq, part'

/** Two ranges of the key, so that nothing between them is looked at. */
const fromSnapshotOn = `
SELECT seq, part, text FROM journal WHERE seq <= 0
UNION ALL SELECT seq, part, text FROM journal WHERE seq > -(SELECT min(seq) FROM journal)
ORDER BY seq, part`

/** With the entries after a turn. */
function toKept(first: string, texts: ReadonlyMap<number, string>, after: number): KeptExecution {
  const init = JSON.parse(first) as ExecutionInit
  const entries = init.entries.filter(({ seq }) => seq > after)
  for (const [seq, text] of texts) if (seq > 0) entries.push(JSON.parse(text) as JournalEntry)
  return { init: { ...init, entries }, begunWith: lastOf(init.entries) }
}

export type JournalTable = ReturnType<typeof journalTable>
