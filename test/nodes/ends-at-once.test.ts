import { describe, expect, test } from 'vitest'
import type { GraphNode } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { endsAtOnce } from '../../worker/engine/ends-at-once.ts'
import { newId } from '../../worker/lib/id.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import { nodeDefinitions } from '../../worker/nodes/registry.ts'
import { nodeOf } from './support.ts'

function isOverAtOnce(nodes: GraphNode[]): boolean {
  const workflow = { id: 'wf_1', name: 'Orders', version: 1 }
  return endsAtOnce(compilePlan({ graph: { version: 1, nodes, edges: [] }, workflow, compileNode: compiledNode }))
}

const hook = nodeOf('trigger.webhook', { respond: 'immediately' }, { id: 'hook' })
const beside = (type: string, params: JsonObject) => [hook, nodeOf(type, params)]

describe('an execution is known to be over in its first turn', () => {
  test('where it only computes and decides', () => {
    for (const type of [
      'data.set',
      'data.transform',
      'flow.if',
      'flow.switch',
      'flow.filter',
      'flow.merge',
      'flow.end',
    ]) {
      const { defaultParams } = nodeDefinitions.find((known) => known.type === type)!
      expect([type, isOverAtOnce(beside(type, defaultParams))]).toEqual([type, true])
    }
  })

  test('not where it calls, waits, listens, asks, goes round or back, or begins others', () => {
    const others = nodeDefinitions.filter(
      ({ kind, type }) => kind === 'effect' || /^(flow\.(wait|for|while|goTo|call|parallel)|people\.)/.test(type),
    )
    expect(others.length).toBeGreaterThan(8)
    for (const { type, defaultParams } of others) {
      const params = type === 'flow.call' ? { workflow: newId('workflow') } : defaultParams
      expect([type, isOverAtOnce(beside(type, params))]).toEqual([type, false])
    }
  })

  test('not where it has more nodes than a sender should wait for', () => {
    const many = Array.from({ length: 50 }, (_, index) => nodeOf('data.set', { fields: [] }, { id: `n${index}` }))
    expect([isOverAtOnce(many), isOverAtOnce([hook, ...many])]).toEqual([true, false])
  })
})
