import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Graph } from '../../worker/contract/graph.ts'
import { upgradeGraph } from '../../worker/contract/upgrade-graph.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'

const stored = {
  version: 1,
  nodes: [
    { id: 'hook', type: 'trigger.webhook', name: 'Hook', position: { x: 0, y: 0 }, params: {} },
    { id: 'call', type: 'http.request', name: 'Call', position: { x: 200, y: 0 }, params: { url: 'https://a.test' } },
  ],
  edges: [{ id: 'e1', source: 'hook', sourcePort: 'out', target: 'call' }],
}

describe('a stored graph', () => {
  test('of the first format is read as it was written, and is not changed by reading', () => {
    const frozen = structuredClone(stored)
    expect(upgradeGraph(stored)).toEqual(frozen)
    expect(stored).toEqual(frozen)
    expect(upgradeGraph(upgradeGraph(stored))).toEqual(frozen)
  })

  test('may have notes, each with an id of its own, and is of the same format with and without', () => {
    const note = {
      id: 'why',
      text: 'Ask Ada',
      position: { x: 0, y: 0 },
      size: { width: 240, height: 160 },
      colour: 'red',
    }
    expect(upgradeGraph({ ...stored, notes: [note] })).toEqual({ ...stored, notes: [note] })
    const wrong = Graph.safeParse({ ...stored, notes: [note, { ...note, text: '' }] })
    expect(wrong.error?.issues).toMatchObject([{ path: ['notes', 1, 'id'], message: 'is the id of another note' }])
    const tooMany = Array.from({ length: 101 }, (_, index) => ({ ...note, id: `n${index}` }))
    expect(Graph.safeParse({ ...stored, notes: tooMany }).error?.issues).toMatchObject([{ path: ['notes'] }])
    const tooLong = [{ ...note, text: 'x'.repeat(4_001) }]
    expect(Graph.safeParse({ ...stored, notes: tooLong }).error?.issues).toMatchObject([{ path: ['notes', 0, 'text'] }])
  })

  test('has the same plan and the same problems with notes as without', () => {
    const graph = upgradeGraph(stored)
    const noted = Graph.parse({
      ...stored,
      notes: [
        { id: 'n', text: '{{ nonsense', position: { x: 0, y: 0 }, size: { width: 80, height: 48 }, colour: 'grey' },
      ],
    })
    expect(validateGraph(noted)).toEqual(validateGraph(graph))
    const workflow = { id: 'wf_1', name: 'Noted', version: 1 }
    const planOf = (of: Graph) => {
      const plan = compilePlan({ graph: of, workflow, compileNode: (node) => compiledNode(node) })
      return JSON.stringify({ ...plan, nodes: [...plan.nodes] })
    }
    expect(planOf(noted)).toBe(planOf(graph))
  })

  test('of a newer release is refused by the number of its format, and so is one without any', () => {
    expect(() => upgradeGraph({ ...stored, version: 99 })).toThrow(/format 99\b.*newer release/)
    expect(() => upgradeGraph({ nodes: [], edges: [] })).toThrow(/format none\b/)
  })

  test('that is no graph is refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => upgradeGraph(value)).toThrow()
      }),
      { numRuns: 200 },
    )
  })
})
