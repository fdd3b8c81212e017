// The engine with the nodes that people use, where the two have to agree.

import { describe, expect, test } from 'vitest'
import type { GraphNode } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import { toGraph } from './support/draw.ts'
import { Play } from './support/play.ts'

function playReal(edges: string, types: Record<string, [type: string, params: JsonObject]>): Play {
  const graph = toGraph({ edges })
  const nodes = graph.nodes.map((node): GraphNode => {
    const [type, params] = types[node.id] ?? ['trigger.manual', {}]
    return { ...node, type, params }
  })
  const plan = compilePlan({
    graph: { ...graph, nodes },
    workflow: { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Real', version: 1 },
    compileNode: compiledNode,
  })
  return new Play(plan)
}

describe('an expression that gives all of a root', () => {
  const before = { start: { hello: 'world' } }
  const given: [expression: string, output: unknown][] = [
    ['steps', before],
    ['[steps, { steps: steps }]', [before, { steps: before }]],
    ['true ? steps : 1', before],
    ['steps.merge({})', before],
    ['vars', {}],
  ]

  //  start ─► all ─► all again ─► set a variable
  test.each(given)('gives what was there then: %s', (expression, output) => {
    const execution = playReal('start > all > again > count', {
      all: ['data.transform', { mode: 'expression', expression }],
      again: ['data.set', { fields: [{ name: 'seen', value: '{{ steps }}' }] }],
      count: ['data.set', { fields: [{ name: 'total', value: 1 }], storeAs: 'variables' }],
    }).start({ hello: 'world' })
    expect(execution.status).toBe('completed')
    expect(execution.outputOf('all')).toEqual(output)
    expect(execution.outputOf('again')).toEqual({ seen: { ...before, all: output } })
  })

  test('as a condition keeps what it saw', () => {
    const execution = playReal('start > check; check:true > after; check:false > after', {
      check: ['flow.if', { conditions: { operator: 'AND', conditions: [{ field: 'steps', operator: 'exists' }] } }],
      after: ['data.set', { fields: [] }],
    }).start()
    expect(execution.status, JSON.stringify(execution.state.failure)).toBe('completed')
  })
})
