import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moveNodes } from '../../../web/src/lib/builder/commands/move-nodes.ts'
import { setNodeSettings } from '../../../web/src/lib/builder/commands/set-node-settings.ts'
import { graphDiff } from '../../../web/src/lib/builder/model/graph-diff.ts'
import { anyGraph, lookup, makeGraph, makeNote } from './support.ts'

const told = (...graphs: Parameters<typeof graphDiff>) =>
  graphDiff(...graphs).map(({ kind, what, parts }) => [kind, what, ...parts].join(' '))

test('tells what was added, removed, changed and connected', () => {
  const before = makeGraph('a > b, b > c', { b: { params: { url: 'x', method: 'GET' } } })
  const after = makeGraph('a > c, c > d, b', {
    b: { params: { method: 'GET', url: 'y' }, settings: { onError: 'branch', notes: 'mine' }, name: 'Second' },
  })
  expect(told(before, after)).toEqual([
    'added d',
    'changed Second name url onError',
    'connected a → c',
    'disconnected a → b',
    'disconnected b → c',
  ])
})

test('notes are told by how they begin; where they lie and how large they are is no change', () => {
  const notes = [makeNote('a', { text: 'Ask Ada\nfirst' }), makeNote('b'), makeNote('c')]
  const before = { ...makeGraph('x'), notes }
  const after = {
    ...before,
    notes: [
      { ...notes[0]!, text: 'Ask Eve', colour: 'red' as const },
      { ...notes[1]!, position: { x: 800, y: 0 }, size: { width: 400, height: 80 } },
      makeNote('d', { text: '' }),
    ],
  }
  expect(told(before, after)).toEqual(['changed Note “Ask Eve” text colour', 'added Note “Empty”', 'removed Note “c”'])
  expect(told(makeGraph('x'), before)).toHaveLength(3)
})

test('variables and settings of the workflow are told', () => {
  const graph = makeGraph('a > b')
  expect(told(graph, { ...graph, variables: { x: 1 }, settings: { onError: 'stop' } })).toEqual([
    'settings Workflow settings',
    'settings Variables',
  ])
})

test('where nodes lie, and in what order keys stand, is no change', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const to = new Map(graph.nodes.map(({ id }) => [id, { x: 4_000, y: 4_000 }]))
      expect(graphDiff(graph, moveNodes.perform(graph, { to }))).toEqual([])
    }),
  )
  const [a, b] = [
    { x: 1, y: { z: 2, w: 3 } },
    { y: { w: 3, z: 2 }, x: 1 },
  ].map((params) => makeGraph('a', { a: { params } }))
  expect(graphDiff(a ?? makeGraph('a'), b ?? makeGraph('a'))).toEqual([])
})

test('a setting put back is no change', () => {
  const graph = makeGraph('a > b')
  const changed = setNodeSettings.perform(graph, { id: 'a', patch: { timeoutMs: 500 }, lookup })
  const back = setNodeSettings.perform(changed, { id: 'a', patch: { timeoutMs: undefined }, lookup })
  expect(told(graph, changed)).toEqual(['changed a timeoutMs'])
  expect(graphDiff(graph, back)).toEqual([])
})
