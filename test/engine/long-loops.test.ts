import { describe, expect, test } from 'vitest'
import { advance } from '../../worker/engine/advance.ts'
import { planLimits } from '../../worker/engine/compile-plan.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import { newState } from '../../worker/engine/state.ts'
import { draw, each, give, loop, type Drawing } from './support/draw.ts'
import { identity, stored } from './support/play.ts'

// As many as a loop may have, with as many steps as an execution may take: what `compilePlan` says of both holds here.
const iterations = planLimits.maxIterations
const body = 'score > a > b > c > d > e > f > keep'

//  start ─► each ══╦═ body ─► score ─► a … f ─► keep        a thousand times
//                  ╚═ done ─► last
function drawing(options: Parameters<typeof loop>[1]): Drawing {
  return {
    edges: `start > each; each:body > ${body}; each:done > last`,
    nodes: {
      each: loop(() => ({ from: 0, step: 1, total: iterations }), { maxIterations: iterations, ...options }),
      score: give(({ loop }) => ({ square: Number(loop!.item) ** 2 })),
      keep: give(({ steps }) => (steps['score'] as { square: number }).square),
      last: give(() => 'done'),
    },
  }
}

/** Plays to the end, and measures the state as JSON after each turn. */
function playOut(drawn: Drawing): { entries: JournalEntry[]; sizes: number[]; state: ReturnType<typeof newState> } {
  const host = { plan: draw(drawn), state: newState(), identity }
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

describe('a thousand iterations', () => {
  test('leave nothing behind: the state is as large in the last as in the first', () => {
    const { entries, sizes, state } = playOut(drawing({ keeps: false }))
    expect(state.finished).toMatchObject({ status: 'completed', output: 'done' })
    expect(entries.length).toBeGreaterThan(15)
    const grown = Math.max(...sizes.slice(-11, -1)) - Math.max(...sizes.slice(0, 10))
    expect(grown, 'only numbers are longer').toBeLessThan(60)
    expect(stored(fold(stored(entries)))).toEqual(stored(state))
  })

  test('keep their results and nothing else', () => {
    const { sizes, state } = playOut(drawing({}))
    expect((state.outputs['each'] as { results: number[] }).results.at(-1)).toBe((iterations - 1) ** 2)
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
    const most = (from: number, to: number) => Math.max(...sizes.slice(from, to))
    expect(most(10, -1) - most(1, 10), 'twenty are as large in the end as in the beginning').toBeLessThan(500)
  })
})

describe('a list of a thousand', () => {
  test('lies in the journal once', () => {
    const items = Array.from({ length: iterations }, (_, index) => `item ${index}`)
    const drawn = drawing({ keeps: false })
    drawn.nodes!['each'] = each(items, { maxIterations: iterations, keeps: false })
    const { entries, state } = playOut(drawn)
    expect(state.finished?.status).toBe('completed')
    expect(JSON.stringify(entries).split('"item 77"')).toHaveLength(2)
  })
})
