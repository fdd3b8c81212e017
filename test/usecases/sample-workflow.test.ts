// The sample of the demo organization, played by the real engine with the real node types.

import { describe, expect, test } from 'vitest'
import { advance } from '../../worker/engine/advance.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { newState } from '../../worker/engine/state.ts'
import type { Json } from '../../worker/contract/json.ts'
import { compileNode } from '../../worker/nodes/compile-node.ts'
import { portsOf } from '../../worker/nodes/ports-of.ts'
import { findNodeType } from '../../worker/nodes/registry.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { sampleWorkflow } from '../../worker/usecases/demo/sample-workflow.ts'

const { graph, name } = sampleWorkflow

function play(body: Json): Json | undefined {
  const plan = compilePlan({
    graph,
    workflow: { id: 'wf', name, version: 1 },
    compileNode: (node) => {
      const definition = findNodeType(node.type)!
      return {
        isTrigger: definition.kind === 'trigger',
        firstPort: portsOf(definition, node)[0]?.name ?? 'out',
        behaviour: compileNode(node),
      }
    },
  })
  const state = newState()
  const host = { plan, state, identity: { executionId: 'exe', mode: 'test' } }
  const data = { type: 'webhook', method: 'POST', headers: {}, query: {}, body }
  advance(host, { type: 'start', trigger: { nodeId: 'lead', kind: 'webhook', data } }, Date.UTC(2026, 10, 21, 9))
  return state.finished?.status === 'completed' ? state.finished.output : undefined
}

describe('the sample', () => {
  test('has no problem at all', () => {
    expect(validateGraph(graph)).toEqual([])
  })

  test.each([
    [
      { name: ' ada lovelace ', score: 72 },
      { message: 'Hello Ada Lovelace! We call you today.', score: 72, level: 'hot', by: '2026-11-21' },
    ],
    [
      { name: 'Ben', score: '55' },
      { message: 'Hello Ben! We send you our guide.', score: 55, level: 'warm', by: '2026-11-23' },
    ],
    [
      { name: 'Cy', score: -3 },
      { message: 'Hello Cy! We write when there is news.', score: 0, level: 'cold', by: '2026-12-21' },
    ],
    [null, { message: 'Hello Friend! We write when there is news.', score: 0, level: 'cold', by: '2026-12-21' }],
    [
      'not an object',
      { message: 'Hello Friend! We write when there is news.', score: 0, level: 'cold', by: '2026-12-21' },
    ],
  ])('answers %j', (body, answer) => {
    expect(play(body)).toEqual(answer)
  })
})
