// An execution's own storage, on SQLite in plain Node.

import { afterEach, expect, test } from 'vitest'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { journalTable, type ExecutionInit } from '../../worker/runtime/execution/journal-table.ts'
import { Sqlite } from './platform/sql.ts'

const taken: Sqlite[] = []
afterEach(() => {
  for (const sqlite of taken.splice(0)) sqlite.giveBack()
})

function emptyTable() {
  const sqlite = Sqlite.take()
  taken.push(sqlite)
  const exec = (query: string, ...bindings: unknown[]) => {
    if (/^\s*SELECT/i.test(query)) {
      const rows = sqlite.all(query, bindings)
      return { rowsWritten: 0, toArray: () => rows }
    }
    return { rowsWritten: sqlite.run(query, bindings), toArray: () => [] }
  }
  return journalTable({ exec } as unknown as SqlStorage)
}

const init = { header: { name: 'x' }, entries: [] } as unknown as ExecutionInit
const entryOf = (seq: number, reason: string): JournalEntry => ({
  seq,
  at: seq,
  events: [{ type: 'cancelRequested', at: seq, by: 'somebody', reason }],
})

test.each([0, 1])('no character is cut in two where a long turn is cut, begins it %i later', (pad) => {
  const table = emptyTable()
  table.begin(JSON.stringify(init))
  const entry = entryOf(1, 'a'.repeat(pad) + '😀'.repeat(700_000))
  table.append(entry)
  expect(JSON.stringify(table.readWhole()?.entries) === JSON.stringify([entry])).toBe(true)
})
