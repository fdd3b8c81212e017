// journal-table
//
// An execution's own storage: one row per turn, and nothing else.
//
//   J1. Row 0 is what the execution was started with: its header and the turns already played, as JSON text.
//   J2. The table is made by the first write. Looking at an execution that was erased, or never was, stores nothing.
//   J3. A value holds 2 MB, so a long turn lies in several parts of one seq.

import type { JournalEntry } from '../../engine/event.ts'
import type { Input } from '../../engine/input.ts'
import { cutText } from '../../lib/cut-text.ts'
import type { ExecutionHeader } from '../execution-header.ts'

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

/** Characters per row; 2 MB is the platform's limit, in bytes, and a character may take three. */
const maxCharacters = 600_000

export function journalTable(sql: SqlStorage) {
  function insert(seq: number, text: string): void {
    for (const [part, piece] of cutText(text, maxCharacters).entries()) {
      sql.exec('INSERT INTO journal (seq, part, text) VALUES (?, ?, ?)', seq, part, piece)
    }
  }

  /** None where there is no table: asking for it first would be a second statement, and each wake pays for it. */
  function rows(): { seq: number; text: string }[] {
    try {
      return sql.exec<{ seq: number; text: string }>('SELECT seq, text FROM journal ORDER BY seq, part').toArray()
    } catch (error) {
      if (String(error).includes('no such table')) return []
      throw error
    }
  }

  return {
    /** Undefined when this execution has no storage. */
    read(): ExecutionInit | undefined {
      const texts = new Map<number, string>()
      for (const row of rows()) texts.set(row.seq, (texts.get(row.seq) ?? '') + row.text)
      const [first, ...rest] = texts.values()
      if (first === undefined) return undefined
      const init = JSON.parse(first) as ExecutionInit
      return {
        ...init,
        entries: [...init.entries, ...rest.map((text) => JSON.parse(text) as JournalEntry)],
      }
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
  }
}

export type JournalTable = ReturnType<typeof journalTable>
