import { describe, expect, test } from 'vitest'
import type { Step } from '../../worker/contract/execution.ts'
import type { ForkTree } from '../../worker/contract/fork.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import { callsFrom, editablePieces, placesFrom, readEdits } from '../../web/src/lib/executions/fork-choices.ts'
import { toTreeRows } from '../../web/src/lib/executions/tree-rows.ts'

const at = '2026-06-01T00:00:00.000Z'
const step = (path: string, more: Partial<Step> = {}): Step => ({
  path,
  nodeId: path.slice(path.lastIndexOf('.') + 1).replace(/#.*/, ''),
  status: 'completed',
  attempt: 1,
  startedAt: at,
  finishedAt: at,
  output: path,
  ...more,
})
const node = (id: string, type = 'data.transform') => ({
  id,
  type,
  name: id.toUpperCase(),
  position: { x: 0, y: 0 },
  params: {},
})
const graph: Graph = {
  version: 1,
  nodes: [node('start', 'trigger.manual'), node('score'), node('each'), node('send'), node('tell')],
  edges: [],
}
const steps = [
  step('start'),
  step('score'),
  step('each[0].send', { generation: 1 }),
  step('each[1].score'),
  step('each[1].send', { generation: 1, input: { to: 'a' } }),
  step('tell', { generation: 1 }),
]
const execution = { steps, graph, triggerData: { n: 1 } }

describe('what can be edited before a step is executed again', () => {
  test('is what it reads: its input, the items around it, the trigger, and what came before in its own place', () => {
    expect(editablePieces(execution, steps[4]!).map(({ key }) => key)).toEqual([
      'input:each[1].send',
      'item:each[1]',
      'trigger',
      'output:each[1].score',
      'output:score',
      'variables',
    ])
  })

  test('is left out where it is as it was, and named where it is no JSON', () => {
    const pieces = editablePieces(execution, steps[4]!)
    const same = Object.fromEntries(pieces.map(({ key, before }) => [key, JSON.stringify(before, null, 4)]))
    expect(readEdits(pieces, same)).toEqual({ kind: 'edits', edits: undefined })
    const edited = { trigger: '2', 'output:score': '{"a": 1}', 'item:each[1]': '"x"', variables: '{"v": null}' }
    expect(readEdits(pieces, edited)).toEqual({
      kind: 'edits',
      edits: { trigger: 2, outputs: { score: { a: 1 } }, items: { 'each[1]': 'x' }, variables: { v: null } },
    })
    expect(readEdits(pieces, { trigger: '{' })).toMatchObject({ kind: 'invalid', key: 'trigger' })
    expect(readEdits(pieces, { variables: '[]' })).toMatchObject({ kind: 'invalid', key: 'variables' })
  })

  test('from a step in loops one can also begin with the iterations around it', () => {
    expect(placesFrom('a[1].b[2].send#2')).toEqual(['a[1].b[2].send#2', 'a[1].b[2]', 'a[1]'])
    expect(placesFrom('send')).toEqual(['send'])
  })

  test('the calls that are made again are those from the step on', () => {
    expect(callsFrom(execution, { path: 'each[1].send' })).toEqual(['SEND', 'TELL'])
  })
})

test('a tree of forks is read from the top down, each under its origin', () => {
  const of = (executionId: string, path = 'send') => ({
    origin: { executionId, path, effects: 'real' as const, by: { userId: 'usr_a' }, at, edited: [] },
  })
  const nodes = [
    { executionId: 'root' },
    { executionId: 'a', ...of('root') },
    { executionId: 'b', ...of('root') },
    { executionId: 'c', ...of('a') },
    { executionId: 'd', ...of('gone') },
  ]
  const tree = { rootId: 'root', nodes, more: false } as unknown as ForkTree
  expect(toTreeRows(tree).map(({ node: { executionId }, depth }) => `${executionId} ${depth}`)).toEqual([
    'root 0',
    'a 1',
    'c 2',
    'b 1',
    'd 0',
  ])
})
