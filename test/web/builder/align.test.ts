import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignNodes, distributeNodes } from '../../../web/src/lib/builder/commands/arrange.ts'
import { align, distribute, type Edge } from '../../../web/src/lib/builder/layout/align.ts'
import type { Box } from '../../../web/src/lib/graph/model/geometry.ts'
import { lookup, makeGraph, makeNote } from './support.ts'

const box = (x: number, y: number, width = 220, height = 64): Box => ({ x, y, width, height })
const three = () =>
  new Map([
    ['a', box(0, 0)],
    ['b', box(80, 120, 220, 96)],
    ['c', box(400, 40)],
  ])
const xs = (places: ReadonlyMap<string, { x: number }>) => ['a', 'b', 'c'].map((id) => places.get(id)?.x)
const ys = (places: ReadonlyMap<string, { y: number }>) => ['a', 'b', 'c'].map((id) => places.get(id)?.y)

describe('aligning', () => {
  test('left, right and centre move across only', () => {
    expect(xs(align(three(), 'left'))).toEqual([0, 0, 0])
    expect(xs(align(three(), 'right'))).toEqual([400, 400, 400])
    expect(xs(align(three(), 'centre'))).toEqual([200, 200, 200])
    expect(ys(align(three(), 'left'))).toEqual([0, 120, 40])
  })

  test('top, bottom and middle move down or up only, whatever the heights', () => {
    expect(ys(align(three(), 'top'))).toEqual([0, 0, 0])
    expect(ys(align(three(), 'bottom'))).toEqual([152, 120, 152])
    // The middle of all is at 108.
    expect(ys(align(three(), 'middle'))).toEqual([80, 64, 80])
    expect(xs(align(three(), 'top'))).toEqual([0, 80, 400])
  })
})

//  ┌─a─┐ ┌─b─┐         ┌─c─┐      ┌─a─┐    ┌─b─┐    ┌─c─┐
describe('distributing', () => {
  test('gives equal gaps; the outermost stay where they are', () => {
    expect(
      xs(
        distribute(
          new Map([
            ['a', box(0, 0)],
            ['b', box(240, 50)],
            ['c', box(760, 90)],
          ]),
          'horizontally',
        ),
      ),
    ).toEqual([0, 384, 760])
    const down = distribute(
      new Map([
        ['a', box(0, 0)],
        ['b', box(9, 80, 220, 96)],
        ['c', box(5, 400)],
      ]),
      'vertically',
    )
    expect([ys(down), xs(down)]).toEqual([
      [0, 184, 400],
      [0, 9, 5],
    ])
  })

  test('what has no room overlaps, and does not stick out', () => {
    const heights = { tall: 144, low: 64, middle: 80 }
    const boxes = new Map(Object.entries(heights).map(([name, height]) => [name, box(0, 0, 220, height)]))
    expect([...distribute(boxes, 'vertically').values()].map(({ y }) => y)).toEqual([0, 0, 0])
  })

  test('of two there is nothing to distribute', () => {
    expect(
      distribute(
        new Map([
          ['a', box(0, 0)],
          ['b', box(240, 50)],
        ]),
        'horizontally',
      ).size,
    ).toBe(0)
  })
})

const anyBoxes = fc
  .array(
    fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -90, max: 90 }), fc.integer({ min: 8, max: 30 })),
    {
      minLength: 3,
      maxLength: 8,
    },
  )
  .map((specs) => new Map(specs.map(([x, y, height], index) => [`n${index}`, box(x * 8, y * 8, 220, height * 8)])))
const moved = (boxes: ReadonlyMap<string, Box>, to: ReadonlyMap<string, { x: number; y: number }>) =>
  new Map([...boxes].map(([id, before]) => [id, { ...before, ...to.get(id) }]))

test('whatever is aligned or distributed: done twice is done once, everything lies on the grid, and nothing leaves what all took up', () => {
  const ways = [
    ...(['left', 'centre', 'right', 'top', 'middle', 'bottom'] satisfies Edge[]).map(
      (edge) => (boxes: ReadonlyMap<string, Box>) => align(boxes, edge),
    ),
    ...(['horizontally', 'vertically'] as const).map(
      (axis) => (boxes: ReadonlyMap<string, Box>) => distribute(boxes, axis),
    ),
  ]
  fc.assert(
    fc.property(anyBoxes, fc.nat(ways.length - 1), (boxes, way) => {
      const arrange = ways[way]!
      const once = moved(boxes, arrange(boxes))
      for (const { x, y } of once.values()) expect([x % 8, y % 8].map(Math.abs)).toEqual([0, 0])
      const area = [...boxes.values()]
      for (const { x, y, width, height } of once.values()) {
        expect(x).toBeGreaterThanOrEqual(Math.min(...area.map((one) => one.x)))
        expect(y).toBeGreaterThanOrEqual(Math.min(...area.map((one) => one.y)))
        expect(x + width).toBeLessThanOrEqual(Math.max(...area.map((one) => one.x + one.width)))
        expect(y + height).toBeLessThanOrEqual(Math.max(...area.map((one) => one.y + one.height)))
      }
      if (way < 6) expect(moved(once, arrange(once))).toEqual(once)
    }),
    { numRuns: 1_000 },
  )
})

test('steps are arranged by their real heights, others and notes stay', () => {
  const graph = {
    ...makeGraph('a > b, b > c', {
      b: { type: 'flow.switch', params: { cases: [{ port: 'a' }, { port: 'b' }, { port: 'c' }] } },
    }),
    notes: [makeNote('n', { position: { x: 8, y: 800 } })],
  }
  const ids = new Set(['a', 'b'])
  const bottom = alignNodes.perform(graph, { ids, lookup, edge: 'bottom' })
  // Four ways out make a card of 112.
  expect(bottom.nodes.map(({ position }) => position.y)).toEqual([48, 0, 0])
  expect(bottom.notes).toEqual(graph.notes)
  expect(distributeNodes.perform(graph, { ids, lookup, axis: 'horizontally' })).toBe(graph)
  expect(alignNodes.perform(bottom, { ids, lookup, edge: 'bottom' })).toBe(bottom)
})
