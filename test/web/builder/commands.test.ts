import { describe, expect, test } from 'vitest'
import { addNode } from '../../../web/src/lib/builder/commands/add-node.ts'
import { changeNodeId } from '../../../web/src/lib/builder/commands/change-node-id.ts'
import { connectNodes } from '../../../web/src/lib/builder/commands/connect-nodes.ts'
import { deleteElements } from '../../../web/src/lib/builder/commands/delete-elements.ts'
import { duplicateNodes } from '../../../web/src/lib/builder/commands/duplicate-nodes.ts'
import { addNote } from '../../../web/src/lib/builder/commands/add-note.ts'
import { changeNotes } from '../../../web/src/lib/builder/commands/change-notes.ts'
import { insertOnEdge } from '../../../web/src/lib/builder/commands/insert-on-edge.ts'
import { pasteNodes } from '../../../web/src/lib/builder/commands/paste-nodes.ts'
import { reconnectEdge } from '../../../web/src/lib/builder/commands/reconnect-edge.ts'
import { renameNode } from '../../../web/src/lib/builder/commands/rename-node.ts'
import { setNodeSettings } from '../../../web/src/lib/builder/commands/set-node-settings.ts'
import { setParams } from '../../../web/src/lib/builder/commands/set-params.ts'
import { toggleDisabled } from '../../../web/src/lib/builder/commands/toggle-disabled.ts'
import { overlaps } from '../../../web/src/lib/graph/model/geometry.ts'
import { boxes } from '../../../web/src/lib/builder/model/place.ts'
import { clip, clippingText, readPasted, workflowText } from '../../../web/src/lib/builder/model/clipboard.ts'
import { lookup, makeGraph, makeNode, makeNote, nodeType, shape } from './support.ts'

const line = () =>
  makeGraph('hook > fetch, fetch > check', { hook: { type: 'trigger.webhook' }, check: { type: 'flow.if' } })
const find = (graph: ReturnType<typeof line>, id: string) => graph.nodes.find((node) => node.id === id)

describe('adding a step', () => {
  test('hangs it on the way out it came from, one column to the right', () => {
    const graph = addNode.perform(line(), {
      nodeType: nodeType('http.request'),
      lookup,
      anchor: { from: 'check', port: 'true' },
    })
    expect(shape(graph)).toContain('check.true > httpRequest')
    expect(find(graph, 'httpRequest')).toMatchObject({
      name: 'HTTP request',
      params: { method: 'GET' },
      position: { x: 952 },
    })
  })

  test('the second of a type is numbered', () => {
    const args = { nodeType: nodeType('http.request'), lookup }
    const graph = addNode.perform(addNode.perform(line(), args), args)
    expect(find(graph, 'httpRequest2')?.name).toBe('HTTP request 2')
  })

  test('a connection dragged from an input gets its step on the left', () => {
    const graph = addNode.perform(line(), { nodeType: nodeType('flow.if'), lookup, anchor: { to: 'fetch' } })
    expect(shape(graph)).toContain('if.true > fetch')
    expect(find(graph, 'if')?.position.x).toBeLessThan(find(graph, 'fetch')?.position.x ?? 0)
  })

  test('nothing leads into a trigger', () => {
    const graph = addNode.perform(line(), {
      nodeType: nodeType('trigger.webhook'),
      lookup,
      anchor: { from: 'check', port: 'true' },
    })
    expect(shape(graph)).toEqual(shape(line()))
    expect(find(graph, 'webhook')).toBeDefined()
  })

  test('lies where nothing lies, however many hang on one way out', () => {
    const args = { nodeType: nodeType('flow.if'), lookup, anchor: { from: 'fetch', port: 'next' } }
    let graph = line()
    for (let round = 0; round < 8; round += 1) graph = addNode.perform(graph, args)
    const cards = [...boxes(graph, lookup).values()]
    for (const [index, card] of cards.entries()) {
      expect(cards.slice(index + 1).some((other) => overlaps(card, other))).toBe(false)
    }
  })

  test('its params are its own, not the type’s', () => {
    const graph = addNode.perform(line(), { nodeType: nodeType('flow.switch'), lookup })
    expect(find(graph, 'switch')?.params).toEqual(nodeType('flow.switch').defaultParams)
    expect(find(graph, 'switch')?.params).not.toBe(nodeType('flow.switch').defaultParams)
  })
})

describe('inserting on an edge', () => {
  //  hook ──► fetch ──► check      becomes      hook ──► (if) ──► fetch ──► check
  test('goes in between and pushes what follows to the right', () => {
    const before = line()
    const graph = insertOnEdge.perform(before, { edgeId: 'hook.next-fetch', nodeType: nodeType('flow.if'), lookup })
    expect(shape(graph)).toEqual(['fetch.next > check', 'hook.next > if', 'if.true > fetch'])
    expect(find(graph, 'fetch')?.position.x).toBeGreaterThan(320)
    const apart = (g: typeof graph) => (find(g, 'check')?.position.x ?? 0) - (find(g, 'fetch')?.position.x ?? 0)
    expect(apart(graph)).toBe(apart(before))
  })

  test('with a place it goes there, and nothing else moves', () => {
    const before = line()
    const args = { edgeId: 'hook.next-fetch', nodeType: nodeType('flow.if'), lookup, at: { x: 163, y: 400 } }
    const graph = insertOnEdge.perform(before, args)
    expect(shape(graph)).toEqual(['fetch.next > check', 'hook.next > if', 'if.true > fetch'])
    expect(find(graph, 'if')?.position).toEqual({ x: 160, y: 400 })
    expect(graph.nodes.slice(0, 3)).toEqual(before.nodes)
  })

  test('a step without a way out does not go in between', () => {
    const before = line()
    expect(insertOnEdge.perform(before, { edgeId: 'hook.next-fetch', nodeType: nodeType('flow.end'), lookup })).toBe(
      before,
    )
  })
})

describe('connecting', () => {
  const graph = line()
  test.each([
    ['to itself', { source: 'fetch', sourcePort: 'next', target: 'fetch' }],
    ['twice', { source: 'fetch', sourcePort: 'next', target: 'check' }],
    ['into a trigger', { source: 'fetch', sourcePort: 'next', target: 'hook' }],
    ['from a way out that is not there', { source: 'fetch', sourcePort: 'nowhere', target: 'check' }],
    ['to a step that is not there', { source: 'fetch', sourcePort: 'next', target: 'gone' }],
  ])('%s changes nothing', (_, connection) => {
    expect(connectNodes.perform(graph, { connection, lookup })).toBe(graph)
  })

  test('one end of an edge can be taken elsewhere', () => {
    const next = reconnectEdge.perform(graph, {
      edgeId: 'hook.next-fetch',
      connection: { source: 'hook', sourcePort: 'next', target: 'check' },
      lookup,
    })
    expect(shape(next)).toEqual(['fetch.next > check', 'hook.next > check'])
  })
})

describe('deleting', () => {
  test('a step in a line closes the line', () => {
    expect(shape(deleteElements.perform(line(), { nodeIds: new Set(['fetch']) }))).toEqual(['hook.next > check'])
  })

  test('several steps leave a gap', () => {
    const graph = makeGraph('a > b, b > c, c > d')
    expect(shape(deleteElements.perform(graph, { nodeIds: new Set(['b', 'c']) }))).toEqual([])
  })

  test('an edge alone goes alone', () => {
    const graph = deleteElements.perform(line(), { nodeIds: new Set(), edgeIds: new Set(['hook.next-fetch']) })
    expect(graph.nodes).toHaveLength(3)
    expect(shape(graph)).toEqual(['fetch.next > check'])
  })
})

describe('copies', () => {
  const graph = makeGraph('hook > score, score > send', {
    score: { params: { from: '{{ trigger.body }}' } },
    send: { params: { text: '{{ steps.score.total }} {{ steps.hook.x }}' } },
  })

  test('refer to each other, and to what was not copied as before', () => {
    const next = duplicateNodes.perform(graph, { ids: new Set(['score', 'send']), lookup })
    expect(shape(next)).toEqual(['hook.next > score', 'score.next > send', 'score2.next > send2'])
    expect(next.nodes.find((node) => node.id === 'send2')?.params).toEqual({
      text: '{{ steps.score2.total }} {{ steps.hook.x }}',
    })
  })

  test('lie where nothing lies', () => {
    const next = duplicateNodes.perform(graph, { ids: new Set(['score']), lookup })
    expect(next.nodes.find((node) => node.id === 'score2')?.position).not.toEqual(graph.nodes[1]?.position)
  })

  test('travel as text from one workflow to another', () => {
    const text = clippingText(clip(graph, new Set(['score', 'send'])))
    const pasted = readPasted(text)
    if (pasted.kind !== 'nodes') throw new Error('expected steps')
    const next = pasteNodes.perform(line(), { clipping: pasted.clipping, lookup, at: { x: 3, y: 401 } })
    expect(find(next, 'score')?.position).toEqual({ x: 0, y: 400 })
    expect(shape(next)).toContain('score.next > send')
  })

  test('a whole workflow is read with its name, a bare graph without', () => {
    expect(readPasted(workflowText('Leads', graph))).toEqual({ kind: 'graph', graph, name: 'Leads' })
    expect(readPasted(JSON.stringify(graph))).toEqual({ kind: 'graph', graph, name: undefined })
  })

  test.each([
    ['prose', 'hello'],
    ['other JSON', '{"a":1}'],
    ['a graph whose edge leads nowhere', JSON.stringify({ ...graph, nodes: graph.nodes.slice(1) })],
    ['a graph with one id twice', JSON.stringify({ ...graph, nodes: [...graph.nodes, makeNode('hook')] })],
  ])('%s is refused with a reason', (_, text) => {
    expect(readPasted(text)).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/\.$/) as string })
  })
})

describe('notes', () => {
  const noted = () => ({ ...line(), notes: [makeNote('n', { text: 'Why', position: { x: 0, y: 200 } })] })

  test('a graph whose last note is deleted says nothing of notes, as before there were any', () => {
    const graph = deleteElements.perform(noted(), { nodeIds: new Set(), noteIds: new Set(['n']) })
    expect(graph).toEqual(line())
    expect('notes' in graph).toBe(false)
  })

  test('are copied with steps or alone, and the copy does not hide the original', () => {
    const before = noted()
    const pasted = readPasted(clippingText(clip(before, new Set(['fetch']), new Set(['n']))))
    if (pasted.kind !== 'nodes') throw new Error(pasted.kind)
    const both = pasteNodes.perform(before, { clipping: pasted.clipping, lookup, at: { x: 800, y: 0 } })
    expect(both.nodes).toHaveLength(4)
    expect(both.notes?.[1]).toMatchObject({ id: 'note', text: 'Why', position: { x: 800, y: 200 } })
    const alone = duplicateNodes.perform(before, { ids: new Set(), noteIds: new Set(['n']), lookup })
    expect(alone.notes?.[1]?.position).toEqual({ x: 48, y: 248 })
  })

  test('a clipping without notes is one that releases read which know of none', () => {
    expect(clip(noted(), new Set(['fetch']))).not.toHaveProperty('notes')
    expect(clip(line(), new Set(['fetch']), new Set(['gone']))).not.toHaveProperty('notes')
    expect(readPasted(JSON.stringify({ leat: 'nodes', version: 1, nodes: [], edges: [] })).kind).toBe('unreadable')
  })

  test('a size is one that a note may have; writing leaves it alone', () => {
    const sized = (size: { width: number; height: number }) =>
      changeNotes.perform(noted(), { patches: new Map([['n', { size }]]) }).notes?.[0]?.size
    expect(sized({ width: 3, height: 9_000 })).toEqual({ width: 80, height: 4_000 })
    expect(sized({ width: 203, height: 101 })).toEqual({ width: 200, height: 104 })
    const odd = { ...line(), notes: [makeNote('n', { size: { width: 201, height: 99 } })] }
    expect(changeNotes.perform(odd, { patches: new Map([['n', { text: 'x' }]]) }).notes?.[0]).toMatchObject({
      text: 'x',
      size: { width: 201, height: 99 },
    })
  })

  test('there are only so many', () => {
    const full = { ...line(), notes: Array.from({ length: 100 }, (_, index) => makeNote(`n${index}`)) }
    expect(addNote.perform(full, { at: { x: 0, y: 0 } })).toBe(full)
    expect(duplicateNodes.perform(full, { ids: new Set(['fetch']), noteIds: new Set(['n1']), lookup })).toBe(full)
  })
})

describe('changing a step', () => {
  const graph = makeGraph('hook > pick, pick.a > first, pick.b > second, pick.default > rest', {
    pick: { type: 'flow.switch', params: nodeType('flow.switch').defaultParams },
    rest: { params: { text: '{{ steps.pick.case }}' } },
  })
  const cases = (...ports: string[]) => ({ id: 'pick', params: { cases: ports.map((port) => ({ port })) }, lookup })

  test('its id changes in edges and expressions', () => {
    const next = changeNodeId.perform(graph, { id: 'pick', newId: 'route', lookup })
    expect(shape(next)).toEqual(['hook.next > route', 'route.a > first', 'route.b > second', 'route.default > rest'])
    expect(find(next, 'rest')?.params).toEqual({ text: '{{ steps.route.case }}' })
  })

  test('a goal that goes on at it goes on there still', () => {
    const conditions = { operator: 'AND' as const, conditions: [] }
    const goals = [
      { id: 'g', name: 'G', conditions, onAchievement: 'goto' as const, goTo: 'pick' },
      { id: 'h', name: 'H', conditions, onAchievement: 'goto' as const, goTo: 'rest' },
    ]
    const next = changeNodeId.perform({ ...graph, settings: { goals } }, { id: 'pick', newId: 'route', lookup })
    expect(next.settings?.goals?.map(({ goTo }) => goTo)).toEqual(['route', 'rest'])
  })

  test.each(['first', '9lives', 'a-b', '', 'constructor'])('“%s” is not taken as an id', (newId) => {
    expect(changeNodeId.perform(graph, { id: 'pick', newId, lookup })).toBe(graph)
  })

  test('a case that is renamed keeps its edges', () => {
    expect(shape(setParams.perform(graph, cases('a', 'gold')))).toContain('pick.gold > second')
  })

  test('a case that is deleted takes its edges along, and no others', () => {
    expect(shape(setParams.perform(graph, cases('b')))).toEqual([
      'hook.next > pick',
      'pick.b > second',
      'pick.default > rest',
    ])
  })

  test('cases that change places keep their edges', () => {
    expect(shape(setParams.perform(graph, cases('b', 'a')))).toEqual(shape(graph))
  })

  test('turning the error branch off takes its edges along', () => {
    const branching = setNodeSettings.perform(graph, { id: 'first', patch: { onError: 'branch' }, lookup })
    const connected = connectNodes.perform(branching, {
      connection: { source: 'first', sourcePort: 'error', target: 'rest' },
      lookup,
    })
    expect(shape(connected)).toContain('first.error > rest')
    const back = setNodeSettings.perform(connected, { id: 'first', patch: { onError: undefined }, lookup })
    expect(back).toEqual(graph)
  })

  test('disabling goes both ways and leaves nothing behind', () => {
    const ids = new Set(['first', 'second'])
    const off = toggleDisabled.perform(graph, { ids })
    expect(off.nodes.filter((node) => node.settings?.disabled)).toHaveLength(2)
    expect(toggleDisabled.perform(off, { ids })).toEqual(graph)
  })

  test('a name of blanks is not taken', () => {
    expect(renameNode.perform(graph, { id: 'pick', name: '  ' })).toBe(graph)
    expect(find(renameNode.perform(graph, { id: 'pick', name: ' Route ' }), 'pick')?.name).toBe('Route')
  })
})
