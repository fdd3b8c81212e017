// A snapshot is what a journal gives up to some turn: whoever goes on from one goes on as if there were none.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import { freeze, stateFormat, thaw } from '../../worker/engine/snapshot.ts'
import { planOfProgram } from './support/plan-of-program.ts'
import { stored } from './support/play.ts'
import { programs } from './support/program.ts'
import { runs, scale } from './support/runs.ts'
import { run } from './support/world.ts'

const folder = join(import.meta.dirname, '../histories')
const histories = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(folder, name), 'utf8')) as { entries: JournalEntry[] }) }))

/** With prototypes, and with what is undefined: `toEqual` looks at neither. */
function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return
  expect(actual, what).toStrictEqual(expected)
  expect.unreachable(`${what}: a map has lost, or gained, its prototype`)
}

/** At every turn the snapshot is the state, and the rest of the journal leads from it to where all of it leads. */
function checkSnapshots(entries: readonly JournalEntry[], name: string): void {
  const whole = fold(entries)
  for (let cut = 0; cut <= entries.length; cut++) {
    const head = entries.slice(0, cut)
    const snapshot = freeze(fold(head))
    expectSame(thaw(snapshot), fold(head), `${name}, the snapshot of turn ${cut}`)
    expectSame(fold(entries.slice(cut), thaw(snapshot)), whole, `${name}, from turn ${cut} on`)
    expectSame(fold(entries, thaw(snapshot)), whole, `${name}, with what the snapshot of turn ${cut} has already`)
  }
}

describe('a snapshot', { timeout: 120_000 * scale }, () => {
  test('I16: of any turn of a random execution leads to where its journal leads', () => {
    let snapshots = 0
    fc.assert(
      fc.property(programs({ stops: true, ends: true, races: true, jumps: true }), (program) => {
        const { entries } = run(planOfProgram(program))
        checkSnapshots(stored(entries), 'a random execution')
        snapshots += entries.length
      }),
      runs(500),
    )
    expect(snapshots).toBeGreaterThan(800 * scale)
  })

  test.each(histories)('I16: of any turn leads to where the history leads: $name', ({ name, entries }) => {
    checkSnapshots(entries, name)
  })

  test('I16: keeps names that every object has, and those that none should have', () => {
    const entries = JSON.parse(
      JSON.stringify([
        {
          seq: 1,
          at: 1,
          events: [
            {
              type: 'started',
              at: 1,
              trigger: { nodeId: 'toString', kind: 'manual', data: { constructor: 'x' } },
              vars: { PROTO: { valueOf: 1 }, hasOwnProperty: 2 },
            },
            { type: 'stepCompleted', at: 1, path: 'toString', node: 'toString', port: 'main', next: ['PROTO'] },
          ],
        },
      ]).replaceAll('PROTO', '__proto__'),
    ) as JournalEntry[]
    checkSnapshots(entries, 'odd names')
    const thawed = thaw(freeze(fold(entries)))!
    expect(Object.keys(thawed.vars)).toEqual(['__proto__', 'hasOwnProperty'])
    expect(thawed.vars['constructor']).toBeUndefined()
  })

  test('of another format is none', () => {
    const text = freeze(fold([]))
    expect(thaw(text)).toBeDefined()
    expect(thaw(text.replace(/^\d+/, String(stateFormat + 1)))).toBeUndefined()
    expect(thaw(text.replace(/^\d+/, `${stateFormat}1`))).toBeUndefined()
    expect(thaw('')).toBeUndefined()
  })
})

/**
 * What every history folds to in this format, as a digest: without how its size is counted, on which nothing depends that
 * has happened. `RECORD_HISTORIES=1` writes it after a change of the format, and adds histories that are new.
 */
const formatFile = join(import.meta.dirname, 'state-format.json')

test('a state that is another than before is of another format', () => {
  const digests = Object.fromEntries(
    histories.map(({ name, entries }) => {
      const { size: _, ...state } = fold(entries)
      return [name, createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 16)]
    }),
  )
  const known = existsSync(formatFile)
    ? (JSON.parse(readFileSync(formatFile, 'utf8')) as { format: number; digests: Record<string, string> })
    : { format: 0, digests: {} }
  const isNew = known.format !== stateFormat
  const expected = { ...digests, ...(isNew ? {} : known.digests) }
  if (process.env['RECORD_HISTORIES'] !== undefined) {
    writeFileSync(formatFile, `${JSON.stringify({ format: stateFormat, digests: expected }, null, 1)}\n`)
  } else expect(known, 'written anew by RECORD_HISTORIES=1').toEqual({ format: stateFormat, digests: expected })
  // Executions that are asleep have snapshots of the other state: count `stateFormat` in worker/engine/snapshot.ts up.
  expect(digests, 'the state has changed, and its format has not').toEqual(expected)
})
