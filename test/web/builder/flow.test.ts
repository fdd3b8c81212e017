import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Step } from '#contract/execution.ts'
import { moveNodes } from '../../../web/src/lib/builder/commands/move-nodes.ts'
import { fromFlowConnection, fromFlowEdges, fromFlowNodes } from '../../../web/src/lib/graph/flow/from-flow.ts'
import { type FlowView, toFlow } from '../../../web/src/lib/graph/flow/to-flow.ts'
import { marksOf, trafficOf } from '../../../web/src/lib/graph/model/marks.ts'
import { anyGraph, lookup, makeGraph, makeNote } from './support.ts'

const nothing = new Set<string>()
const view = (graph: FlowView['graph'], part: Partial<FlowView> = {}): FlowView => {
  return { graph, lookup, selectedIds: nothing, selectedEdgeIds: nothing, ...part }
}

describe('the drawing', () => {
  test('says the same as the graph: every edge, place and selection comes back', () => {
    fc.assert(
      fc.property(anyGraph, fc.array(fc.nat(12)), (graph, chosen) => {
        const selectedIds = new Set(chosen.flatMap((index) => graph.nodes[index]?.id ?? []))
        const selectedEdgeIds = new Set(chosen.flatMap((index) => graph.edges[index]?.id ?? []))
        const selectedNoteIds = new Set(chosen.flatMap((index) => graph.notes?.[index]?.id ?? []))
        const { nodes, edges } = toFlow(view(graph, { selectedIds, selectedEdgeIds, selectedNoteIds }))
        const moved = new Map()
        expect(fromFlowNodes(graph, nodes)).toEqual({ selectedIds, moved, selectedNoteIds, movedNotes: moved })
        expect(fromFlowEdges(edges)).toEqual(selectedEdgeIds)
        const connections = edges.map((edge) =>
          fromFlowConnection({
            ...edge,
            sourceHandle: edge.sourceHandle ?? null,
            targetHandle: edge.targetHandle ?? null,
          }),
        )
        expect(connections).toEqual(graph.edges.map(({ id: _id, ...ends }) => ends))
      }),
    )
  })

  test('every edge leaves from and arrives at a handle that is there', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { nodes, edges } = toFlow(view(graph))
        const handles = new Map(
          nodes.map((node) => [node.id, node.handles?.map((handle) => `${handle.type} ${handle.id}`)]),
        )
        for (const edge of edges) {
          expect(handles.get(edge.source)).toContain(`source ${edge.sourceHandle}`)
          expect(handles.get(edge.target)).toContain(`target ${edge.targetHandle}`)
        }
      }),
    )
  })

  test('what did not change keeps its identity', () => {
    fc.assert(
      fc.property(anyGraph, fc.nat(12), (graph, index) => {
        const before = toFlow(view(graph))
        expect(toFlow(view(graph), before).nodes).toEqual(before.nodes)
        const id = graph.nodes[index]?.id ?? 'gone'
        const moved = moveNodes.perform(graph, { to: new Map([[id, { x: 8_000, y: 8_000 }]]) })
        const after = toFlow(view(moved), before)
        after.nodes.forEach((node, at) => expect(node === before.nodes[at]).toBe(node.id !== id))
        after.edges.forEach((edge, at) => expect(edge).toBe(before.edges[at]))
      }),
    )
  })

  test('a drag is a proposal to move, and nothing else', () => {
    const graph = makeGraph('a > b')
    const { nodes } = toFlow(view(graph))
    const dragged = nodes.map((node) =>
      node.id === 'b' ? { ...node, position: { ...node.position, y: 2 }, dragging: true } : node,
    )
    expect(fromFlowNodes(graph, dragged).moved).toEqual(new Map([['b', { x: 320, y: 2 }]]))
  })

  test('a note lies behind everything, selected or not, and is never taken for a step of the same id', () => {
    const note = makeNote('a', { text: 'Ask Ada first', position: { x: 8, y: 16 } })
    const graph = { ...makeGraph('a > b'), notes: [note] }
    const selectedNoteIds = new Set(['a'])
    const { nodes } = toFlow(view(graph, { selectedNoteIds }))
    expect(nodes[0]).toMatchObject({ type: 'note', selected: true, ariaLabel: 'Note: Ask Ada first' })
    // The library lifts what is selected by a thousand.
    expect(nodes[0]?.zIndex).toBeLessThan(-1_000)
    const dragged = nodes.map((node) => (node.type === 'note' ? { ...node, position: { x: 80, y: 16 } } : node))
    expect(fromFlowNodes(graph, dragged)).toEqual({
      selectedIds: nothing,
      moved: new Map(),
      selectedNoteIds,
      movedNotes: new Map([['a', { x: 80, y: 16 }]]),
    })
  })

  test('where notes are only to be read they cannot be selected, and each is a tab stop', () => {
    const { nodes } = toFlow(view({ ...makeGraph('a'), notes: [makeNote('n', { text: '' })] }))
    expect(nodes[0]).toMatchObject({ selectable: false, domAttributes: { tabindex: 0 }, ariaLabel: 'Empty note' })
  })

  test('a node says aloud what it is and how it stands', () => {
    const graph = makeGraph('a', { a: { name: 'Ask the CRM', settings: { disabled: true } } })
    const { nodes } = toFlow(view(graph, { problems: new Map([['a', { errors: 2, warnings: 0 }]]) }))
    expect(nodes[0]?.ariaLabel).toBe('Ask the CRM, HTTP request, disabled, 2 problems')
  })
})

describe('an execution on the drawing', () => {
  const step = (nodeId: string, part: Partial<Step> = {}): Step => {
    return { path: nodeId, nodeId, status: 'completed', attempt: 1, startedAt: '2026-01-01T00:00:00.000Z', ...part }
  }

  test('a node bears its latest visit, and a failed one outlives the others', () => {
    const marks = marksOf([
      step('a', { path: 'a[0]', status: 'failed' }),
      step('a', { path: 'a[1]' }),
      step('b', { path: 'b[0]', status: 'failed', handled: true }),
      step('b', { path: 'b[1]' }),
    ])
    expect(marks.get('a')).toEqual({ status: 'failed', handled: false, visits: 2, path: 'a[0]' })
    expect(marks.get('b')).toEqual({ status: 'completed', handled: false, visits: 2, path: 'b[1]' })
  })

  test('an edge counts what came along it, and moves while the step it leads to is at work', () => {
    const graph = makeGraph('a > b, a > c, b.true > d', { b: { type: 'flow.if' } })
    const steps = [step('a', { port: 'next' }), step('b', { port: 'false' }), step('c', { status: 'running' })]
    expect(trafficOf(graph.edges, steps)).toEqual(
      new Map([
        ['a.next-b', { count: 1, moving: false }],
        ['a.next-c', { count: 1, moving: true }],
      ]),
    )
    const { edges } = toFlow(view(graph, { marks: marksOf(steps), traffic: trafficOf(graph.edges, steps) }))
    expect(edges.map((edge) => edge.data?.faded)).toEqual([false, false, true])
  })

  test('what came into a branch or a loop’s body came by the only edge there is', () => {
    const graph = makeGraph('each.body > label, each.done > sum, label > sum, each.body > other')
    const steps = [step('each', { port: 'done' }), step('label', { path: 'each[0].label' }), step('label'), step('sum')]
    const traffic = trafficOf(graph.edges, steps)
    expect(traffic.get('each.body-label')).toEqual({ count: 2, moving: false })
    expect(traffic.get('each.done-sum')).toEqual({ count: 1, moving: false })
    expect(traffic.has('label.next-sum')).toBe(false)
    expect(traffic.has('each.body-other')).toBe(false)
  })

  test('shows that a step was undone, once for each visit, and draws that way apart', () => {
    const graph = makeGraph('a > b, a.undo > c', { a: { settings: { undo: true } } })
    const undoing = (path: string, undoes: string) => step('c', { path, undoes })
    const steps = [undoing('c', 'each[1].a'), undoing('c#2', 'each[0].a'), undoing('c#3', 'each[0].a')]
    expect(trafficOf(graph.edges, steps).get('a.undo-c')).toEqual({ count: 2, moving: false })
    expect(toFlow(view(graph)).edges.map((edge) => edge.data?.undoes)).toEqual([false, true])
  })
})
