import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tidyUp } from '../../../web/src/lib/builder/commands/tidy-up.ts'
import { type Box, moveInto, overlaps } from '../../../web/src/lib/graph/model/geometry.ts'
import { spread } from '../../../web/src/lib/builder/layout/heights.ts'
import { boxes } from '../../../web/src/lib/builder/model/place.ts'
import { anyGraph, lookup, makeGraph } from './support.ts'

const placeOf = (graph: ReturnType<typeof makeGraph>, id: string) =>
  graph.nodes.find((node) => node.id === id)?.position ?? { x: NaN, y: NaN }

describe('tidying up', () => {
  test('nothing overlaps and everything is on the grid, whatever was drawn', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const tidied = tidyUp.perform(graph, { lookup })
        const all = [...boxes(tidied, lookup).values()]
        for (const [index, box] of all.entries()) {
          expect([box.x % 8, box.y % 8].every((rest) => rest === 0)).toBe(true)
          for (const other of all.slice(index + 1)) expect(overlaps(box, other)).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('tidying twice is tidying once', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const once = tidyUp.perform(graph, { lookup })
        expect(tidyUp.perform(once, { lookup })).toEqual(once)
      }),
    )
  })

  //          ┌─ yes ─┐
  //  a ─ if ─┤       ├─ end
  //          └─ no ──┘
  test('a diamond is symmetrical, its true branch on top', () => {
    const graph = makeGraph('a > if, if.true > yes, if.false > no, yes > end, no > end', { if: { type: 'flow.if' } })
    const tidied = tidyUp.perform(graph, { lookup })
    expect(placeOf(tidied, 'yes').x).toBe(placeOf(tidied, 'no').x)
    expect(placeOf(tidied, 'yes').y).toBeLessThan(placeOf(tidied, 'no').y)
    expect(placeOf(tidied, 'a').y).toBe(placeOf(tidied, 'end').y)
    const middle = (placeOf(tidied, 'yes').y + placeOf(tidied, 'no').y) / 2
    expect(Math.abs(middle - placeOf(tidied, 'a').y)).toBeLessThanOrEqual(4)
  })

  test('a line is level', () => {
    const tidied = tidyUp.perform(makeGraph('a > b, b > c, c > d'), { lookup })
    expect(new Set(tidied.nodes.map((node) => node.position.y)).size).toBe(1)
  })

  test('an edge that skips a column does not run through the card in it', () => {
    const graph = makeGraph('if.true > b, b > c, if.false > c', { if: { type: 'flow.if' } })
    const tidied = tidyUp.perform(graph, { lookup })
    expect(placeOf(tidied, 'b').y).toBeLessThan(placeOf(tidied, 'if').y)
  })

  test('five hundred steps in a circle are laid out', () => {
    const drawing = Array.from({ length: 500 }, (_, index) => `s${index} > s${(index + 1) % 500}`).join(',')
    const tidied = tidyUp.perform(makeGraph(drawing), { lookup })
    expect(new Set(tidied.nodes.map((node) => node.position.x)).size).toBe(500)
  })

  test('of a selection, only that is moved', () => {
    const graph = makeGraph('a > b, b > c')
    const crooked = {
      ...graph,
      nodes: graph.nodes.map((node) => ({ ...node, position: { x: 400, y: node.position.x } })),
    }
    const tidied = tidyUp.perform(crooked, { lookup, ids: new Set(['a', 'b']) })
    expect(placeOf(tidied, 'c')).toEqual(placeOf(crooked, 'c'))
    expect(placeOf(tidied, 'a').y).toBe(placeOf(tidied, 'b').y)
  })
})

test('spreading keeps order and distance, and moves nothing without need', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 12 }), (wishes) => {
      const placed = spread(
        wishes,
        wishes.map(() => 20),
        10,
      )
      placed.slice(1).forEach((y, index) => expect(y - (placed[index] ?? 0)).toBeGreaterThanOrEqual(30 - 1e-6))
      const isSpread = wishes.slice(1).every((wish, index) => wish - (wishes[index] ?? 0) >= 30)
      if (isSpread) expect(placed).toEqual(wishes)
    }),
  )
})

describe('bringing a box into sight', () => {
  const area = { x: 0, y: 0, width: 1000, height: 600 }
  const room = { top: 10, right: 100, bottom: 20, left: 30 }
  const at = (x: number, y: number): Box => ({ x, y, width: 200, height: 60 })

  test.each([
    ['what has its room stays', at(300, 200), { x: 0, y: 0 }],
    ['beyond the right it moves until there is room at the right', at(900, 200), { x: -200, y: 0 }],
    ['beyond the left and the top, both', at(-50, -20), { x: 80, y: 30 }],
    ['below', at(300, 590), { x: 0, y: -70 }],
    ['what does not fit shows where it begins', { ...at(400, 200), width: 2000 }, { x: -370, y: 0 }],
  ])('%s', (_, box, move) => {
    expect(moveInto(box, area, room)).toEqual(move)
  })
})
