import { describe, expect, test } from 'vitest'
import { advance } from '../../worker/engine/advance.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import { newState } from '../../worker/engine/state.ts'
import { draw, each, give, loop, type Drawing } from './support/draw.ts'
import { identity, stored } from './support/play.ts'

const iterations = 10_000

//  start ─► each ══╦═ body ─► score ─► keep        ten thousand times
//                  ╚═ done ─► last
function drawing(options: Parameters<typeof loop>[1], body = 'score > keep'): Drawing {
  return {
    edges: `start > each; each:body > ${body}; each:done > last`,
    nodes: {
      each: loop(() => ({ from: 0, step: 1, total: iterations }), { maxIterations: iterations, ...options }),
      score: give(({ loop }) => ({ square: Number(loop!.item) ** 2 })),
      keep: give(({ steps }) => (steps['score'] as { square: number }).square),
      last: give(() => 'done'),
    },
    maxSteps: 100_000,
  }
}

/** Plays to the end, and measures the state as JSON after each turn. */
function playOut(drawn: Drawing): { entries: JournalEntry[]; sizes: number[]; state: ReturnType<typeof newState> } {
  const plan = { ...draw(drawn), maxIterations: iterations }
  const host = { plan, state: newState(), identity }
  const entries: JournalEntry[] = []
  const sizes: number[] = []
  const trigger = { nodeId: 'start', kind: 'manual', data: null } as const
  let turn = advance(host, { type: 'start', trigger }, 0)
  while (turn.entry !== null) {
    entries.push(turn.entry)
    sizes.push(JSON.stringify(host.state).length)
    if (turn.outstanding.wakeAt === null) break
    turn = advance(host, { type: 'wake' }, turn.outstanding.wakeAt)
  }
  return { entries, sizes, state: host.state }
}

describe('ten thousand iterations', () => {
  test('leave nothing behind: the state is as large in the last as in the first', () => {
    const { entries, sizes, state } = playOut(drawing({ keeps: false }))
    expect(state.finished).toMatchObject({ status: 'completed', output: 'done' })
    expect(entries.length).toBeGreaterThan(40)
    const grown = Math.max(...sizes.slice(-11, -1)) - Math.max(...sizes.slice(0, 10))
    expect(grown, 'only numbers are longer').toBeLessThan(60)
    expect(stored(fold(stored(entries)))).toEqual(stored(state))
  })

  test('keep their results and nothing else', () => {
    const { sizes, state } = playOut(drawing({}))
    expect((state.outputs['each'] as { results: number[] }).results.at(-1)).toBe(9_999 ** 2)
    const growth = (sizes.at(-2)! - sizes[0]!) / iterations
    expect(growth, 'characters per iteration: an index and a number').toBeLessThan(20)
  })

  test('make a journal that grows by what happens, not by what there is', () => {
    const { entries } = playOut(drawing({}))
    const length = (from: number, to: number) => JSON.stringify(entries.slice(from, to)).length
    // The same number of turns at the beginning and at the end; only indexes have grown longer.
    expect(length(-6, -1)).toBeLessThan(length(1, 6) * 1.1)
  })

  test('are as many turns when the body is empty', () => {
    const { entries, state } = playOut({ ...drawing({ keeps: false }), edges: 'start > each; each:done > last' })
    expect(state.finished?.status).toBe('completed')
    expect(entries.length).toBeGreaterThanOrEqual(iterations / 500)
  })

  test('of which all are passed over are as bounded', () => {
    const skips = () => ({ result: true, because: null })
    const { entries, sizes, state } = playOut(drawing({ skips }))
    expect(state.finished?.status).toBe('completed')
    expect(entries.length).toBeGreaterThanOrEqual(iterations / 500)
    expect(Math.max(...sizes.slice(0, -1)) - sizes[0]!).toBeLessThan(100)
  })

  test('beside each other leave as little', () => {
    const { sizes, state } = playOut(drawing({ keeps: false, atOnce: 20 }))
    expect(state.finished?.status).toBe('completed')
    expect(Math.max(...sizes.slice(1, -1)) - sizes[1]!).toBeLessThan(2_000)
  })
})

describe('a list of ten thousand', () => {
  test('lies in the journal once', () => {
    const items = Array.from({ length: iterations }, (_, index) => `item ${index}`)
    const drawn = drawing({ keeps: false })
    drawn.nodes!['each'] = each(items, { maxIterations: iterations, keeps: false })
    const { entries, state } = playOut(drawn)
    expect(state.finished?.status).toBe('completed')
    expect(JSON.stringify(entries).split('"item 77"')).toHaveLength(2)
  })
})
