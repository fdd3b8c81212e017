// histories: journals that earlier engines wrote, which every later one must still read
//
// Each file of `test/histories` is one journal with the state and the view it gave when it was recorded. Files are never
// changed: an execution that is asleep for a year holds just such a journal. Whoever adds events or changes how the
// engine decides adds stories; `RECORD_HISTORIES=1` writes those that have no file yet.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import { project, type Projection } from '../../worker/engine/projection.ts'
import type { ExecutionState } from '../../worker/engine/state.ts'
import { checkLegal } from './support/check-legal.ts'
import { stored } from './support/play.ts'
import { stories } from './support/stories.ts'

interface History {
  about: string
  entries: JournalEntry[]
  state: Omit<ExecutionState, 'size'>
  view: Projection
}

const folder = join(import.meta.dirname, '../histories')

if (process.env['RECORD_HISTORIES'] !== undefined) {
  for (const [name, { about, tell }] of Object.entries(stories)) {
    const file = join(folder, `${name}.json`)
    if (existsSync(file)) continue
    const { entries, state: whole } = tell()
    // How an execution's size is counted may change: nothing that happened depends on it.
    const { size: _, ...state } = whole
    const history: History = { about, entries, state, view: project(entries) }
    writeFileSync(file, `${JSON.stringify(history, null, 1)}\n`)
  }
}

const names = readdirSync(folder).filter((name) => name.endsWith('.json'))

test('there is a history of every story', () => {
  expect(names.sort()).toEqual(expect.arrayContaining(Object.keys(stories).map((name) => `${name}.json`)))
})

describe.each(names)('%s', (name) => {
  const read = () => JSON.parse(readFileSync(join(folder, name), 'utf8')) as History

  test('still folds to the state it had', () => {
    const { entries, state } = read()
    expect(stored(fold(entries))).toMatchObject(state)
  })

  test('still shows what it showed', () => {
    const { entries, view } = read()
    expect(stored(project(entries))).toMatchObject(view)
  })

  test('is legal', () => {
    checkLegal(read().entries)
  })
})
