import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Graph } from '#contract/graph.ts'
import { addNode } from '../../../web/src/lib/builder/commands/add-node.ts'
import { addNote } from '../../../web/src/lib/builder/commands/add-note.ts'
import { alignNodes, distributeNodes } from '../../../web/src/lib/builder/commands/arrange.ts'
import { changeNodeId } from '../../../web/src/lib/builder/commands/change-node-id.ts'
import { changeNotes } from '../../../web/src/lib/builder/commands/change-notes.ts'
import type { Command } from '../../../web/src/lib/builder/commands/command.ts'
import { connectNodes } from '../../../web/src/lib/builder/commands/connect-nodes.ts'
import { deleteElements } from '../../../web/src/lib/builder/commands/delete-elements.ts'
import { duplicateNodes } from '../../../web/src/lib/builder/commands/duplicate-nodes.ts'
import { insertOnEdge } from '../../../web/src/lib/builder/commands/insert-on-edge.ts'
import { moveNodes } from '../../../web/src/lib/builder/commands/move-nodes.ts'
import { pasteNodes } from '../../../web/src/lib/builder/commands/paste-nodes.ts'
import { reconnectEdge } from '../../../web/src/lib/builder/commands/reconnect-edge.ts'
import { renameNode } from '../../../web/src/lib/builder/commands/rename-node.ts'
import { replaceGraph } from '../../../web/src/lib/builder/commands/replace-graph.ts'
import { setGraphSettings } from '../../../web/src/lib/builder/commands/set-graph-settings.ts'
import { setNodeSettings } from '../../../web/src/lib/builder/commands/set-node-settings.ts'
import { setParams } from '../../../web/src/lib/builder/commands/set-params.ts'
import { tidyUp } from '../../../web/src/lib/builder/commands/tidy-up.ts'
import { toggleDisabled } from '../../../web/src/lib/builder/commands/toggle-disabled.ts'
import { Editor } from '../../../web/src/lib/builder/editor.svelte.ts'
import { coalesceWithinMs, historyLength } from '../../../web/src/lib/builder/history.ts'
import { clip } from '../../../web/src/lib/builder/model/clipboard.ts'
import { anyGraph, expectSound, lookup, makeGraph, nodeType, nodeTypes } from './support.ts'

/** One thing a person does, made to fit the graph it meets. */
type Deed = (graph: Graph) => readonly [string, (editor: Editor) => void]

const deed =
  <Args>(command: Command<Args>, args: (graph: Graph) => NoInfer<Args>): Deed =>
  (graph) => [command.name, (editor) => void editor.run(command, args(graph))]

const pick = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % Math.max(1, items.length)]
const nodeAt = (graph: Graph, index: number) => pick(graph.nodes, index)?.id ?? 'gone'
const noteAt = (graph: Graph, index: number) => pick(graph.notes ?? [], index)?.id ?? 'gone'
const alignable = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const
const ports = ['next', 'true', 'false', 'a', 'b', 'default', 'error']

const anyDeed: fc.Arbitrary<Deed> = fc
  .record({
    kind: fc.nat(23),
    a: fc.nat(30),
    b: fc.nat(30),
    port: fc.constantFrom(...ports),
    text: fc.string({ maxLength: 8 }),
  })
  .map(({ kind, a, b, port, text }): Deed => {
    const type = pick(nodeTypes, a) ?? nodeType('flow.if')
    const some = (graph: Graph) => new Set([nodeAt(graph, a), nodeAt(graph, b)])
    const end = (graph: Graph) => ({ source: nodeAt(graph, a), sourcePort: port, target: nodeAt(graph, b) })
    const edge = (graph: Graph) => pick(graph.edges, a)?.id ?? 'gone'
    const deeds: Deed[] = [
      deed(addNode, (graph) => ({ nodeType: type, lookup, anchor: { from: nodeAt(graph, b), port } })),
      deed(addNode, (graph) => ({ nodeType: type, lookup, anchor: { to: nodeAt(graph, b) }, at: { x: a * 3, y: b } })),
      deed(insertOnEdge, (graph) => ({ nodeType: type, lookup, edgeId: edge(graph) })),
      deed(insertOnEdge, (graph) => ({ nodeType: type, lookup, edgeId: edge(graph), at: { x: a * 9, y: b * 4 } })),
      deed(moveNodes, (graph) => ({
        to: new Map([[nodeAt(graph, a), { x: a * 7, y: b * -5 }]]),
        notes: new Map([[noteAt(graph, b), { x: b * 7, y: a * -5 }]]),
      })),
      deed(connectNodes, (graph) => ({ connection: end(graph), lookup })),
      deed(connectNodes, (graph) => ({ connection: end(graph) })),
      deed(reconnectEdge, (graph) => ({ edgeId: edge(graph), connection: end(graph), lookup })),
      deed(deleteElements, (graph) => ({
        nodeIds: new Set([nodeAt(graph, a)]),
        edgeIds: new Set(b > 15 ? [edge(graph)] : []),
      })),
      deed(duplicateNodes, (graph) => ({ ids: some(graph), lookup })),
      deed(pasteNodes, (graph) => ({ clipping: clip(graph, some(graph)), lookup, at: { x: a, y: b } })),
      deed(renameNode, (graph) => ({ id: nodeAt(graph, a), name: text })),
      deed(changeNodeId, (graph) => ({ id: nodeAt(graph, a), newId: b > 15 ? `id${b}` : text, lookup })),
      deed(setParams, (graph) => ({
        id: nodeAt(graph, a),
        params: { cases: [{ port: text }, { port }], url: `{{ steps.${nodeAt(graph, b)}.x }}` },
        lookup,
      })),
      deed(setNodeSettings, (graph) => ({
        id: nodeAt(graph, a),
        patch: { onError: b > 15 ? ('branch' as const) : undefined },
        lookup,
      })),
      deed(toggleDisabled, (graph) => ({ ids: some(graph) })),
      deed(addNote, () => ({ at: { x: a * 5, y: b } })),
      deed(changeNotes, (graph) => ({
        patches: new Map([[noteAt(graph, a), b > 15 ? { text } : { size: { width: b * 400, height: a } }]]),
      })),
      deed(duplicateNodes, (graph) => ({ ids: some(graph), noteIds: new Set([noteAt(graph, b)]), lookup })),
      deed(deleteElements, (graph) => ({ nodeIds: new Set<string>(), noteIds: new Set([noteAt(graph, a)]) })),
      deed(alignNodes, (graph) => ({ ids: some(graph), lookup, edge: pick(alignable, a)! })),
      deed(distributeNodes, (graph) => ({
        ids: new Set(graph.nodes.map(({ id }) => id)),
        lookup,
        axis: b > 15 ? ('horizontally' as const) : ('vertically' as const),
      })),
      deed(tidyUp, (graph) => ({ lookup, ids: b > 15 ? some(graph) : new Set<string>() })),
    ]
    return (
      deeds[kind] ?? deed(setGraphSettings, () => ({ settings: { onError: 'stop' as const }, variables: { x: a } }))
    )
  })

describe('whatever a person does', () => {
  test('the graph stays valid, and undo goes all the way back to where it began', () => {
    fc.assert(
      fc.property(anyGraph, fc.array(anyDeed, { maxLength: 40 }), (graph, deeds) => {
        let now = 0
        const editor = new Editor(graph, () => (now += coalesceWithinMs + 1))
        for (const make of deeds) {
          const [name, perform] = make(editor.graph)
          perform(editor)
          try {
            expectSound(editor.graph)
          } catch (error) {
            throw new Error(`after ${name}`, { cause: error })
          }
        }
        const end = editor.graph
        let steps = 0
        for (; editor.undoLabel !== undefined; steps += 1) editor.undo()
        expect(editor.graph).toBe(graph)
        for (; editor.redoLabel !== undefined; steps -= 1) editor.redo()
        expect(editor.graph).toBe(end)
        expect(steps).toBe(0)
      }),
      { numRuns: 500 },
    )
  })

  test('what is selected exists', () => {
    fc.assert(
      fc.property(anyGraph, fc.array(anyDeed, { maxLength: 20 }), (graph, deeds) => {
        const editor = new Editor(graph)
        editor.select(
          graph.nodes.map((node) => node.id),
          graph.edges.map((edge) => edge.id),
          graph.notes?.map((note) => note.id),
        )
        for (const [index, make] of deeds.entries()) {
          make(editor.graph)[1](editor)
          if (index % 3 === 1) editor.undo()
          if (index % 5 === 4) editor.redo()
          expect(editor.selectedNodes.map((node) => node.id)).toEqual([...editor.selectedIds])
          expect(editor.selectedEdges.map((edge) => edge.id)).toEqual([...editor.selectedEdgeIds])
          expect(editor.selectedNotes.map((note) => note.id)).toEqual([...editor.selectedNoteIds])
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('taking back', () => {
  const makeEditor = () => {
    const clock = { now: 0 }
    return { clock, editor: new Editor(makeGraph('a > b'), () => clock.now) }
  }
  const type = (editor: Editor, field: string, value: string) =>
    editor.run(setParams, { id: 'a', field, params: { ...editor.node('a')?.params, [field]: value }, lookup })

  test('typing into one field is one step', () => {
    const { editor } = makeEditor()
    for (const text of ['h', 'ht', 'htt', 'http']) type(editor, 'url', text)
    editor.undo()
    expect(editor.node('a')?.params).toEqual({})
    editor.redo()
    expect(editor.node('a')?.params).toEqual({ url: 'http' })
  })

  test('typing after a pause, into another field, or after an undo begins a new step', () => {
    const { editor, clock } = makeEditor()
    type(editor, 'url', 'a')
    clock.now += coalesceWithinMs + 1
    type(editor, 'url', 'ab')
    type(editor, 'body', 'c')
    editor.undo()
    expect(editor.node('a')?.params).toEqual({ url: 'ab' })
    type(editor, 'url', 'abd')
    editor.undo()
    expect(editor.node('a')?.params).toEqual({ url: 'ab' })
    editor.undo()
    expect(editor.node('a')?.params).toEqual({ url: 'a' })
  })

  test('a new change forgets what was taken back', () => {
    const { editor } = makeEditor()
    type(editor, 'url', 'a')
    editor.undo()
    editor.run(renameNode, { id: 'a', name: 'First' })
    expect(editor.redoLabel).toBeUndefined()
  })

  test('it says what it would take back', () => {
    const { editor } = makeEditor()
    expect(editor.undoLabel).toBeUndefined()
    editor.run(deleteElements, { nodeIds: new Set(['a']) })
    expect(editor.undoLabel).toBe('delete')
    editor.undo()
    expect([editor.undoLabel, editor.redoLabel]).toEqual([undefined, 'delete'])
  })

  test('history is bounded', () => {
    const { editor, clock } = makeEditor()
    for (let index = 0; index < historyLength + 50; index += 1) {
      clock.now += coalesceWithinMs + 1
      type(editor, 'url', String(index))
    }
    let steps = 0
    for (; editor.undoLabel !== undefined; steps += 1) editor.undo()
    expect(steps).toBe(historyLength)
  })

  test('replacing the whole graph can be taken back', () => {
    const { editor } = makeEditor()
    const before = editor.graph
    editor.run(replaceGraph, { graph: makeGraph('x > y') })
    editor.undo()
    expect(editor.graph).toBe(before)
  })
})

test('a step that was just added is selected', () => {
  const editor = new Editor(makeGraph('a > b'))
  expect(editor.run(addNode, { nodeType: nodeType('flow.if'), lookup })).toEqual(['if'])
  expect([...editor.selectedIds]).toEqual(['if'])
})
