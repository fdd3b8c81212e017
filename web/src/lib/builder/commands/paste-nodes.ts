import type { Graph } from '#contract/graph.ts'
import { graphLimits } from '#contract/facts/graph.ts'
import { type Clipping } from '../model/clipboard.ts'
import { edgeIds, makeEdge } from '#lib/graph/model/edges.ts'
import { boxOf, overlaps, type Point, snapPoint } from '#lib/graph/model/geometry.ts'
import type { NodeTypeLookup } from '#lib/graph/model/ports.ts'
import { rewriteNode } from '../model/references.ts'
import { withNotes } from '../model/notes.ts'
import { uniqueName, uniqueNodeId } from '../model/unique-id.ts'
import { defineCommand } from './command.ts'

/**
 * Adds a clipping. Nodes and notes whose id is taken get a new one, and what the clipping's own expressions say about them
 * follows; references to nodes outside the clipping stay. `at` is where its top left corner goes; without it, the old
 * place, a little further down and right as long as something lies there.
 */
export const pasteNodes = defineCommand<{ clipping: Clipping; lookup: NodeTypeLookup; at?: Point | undefined }>({
  name: 'pasteNodes',
  label: 'paste',
  perform(graph, { clipping, lookup, at }) {
    const room = graphLimits.nodes - graph.nodes.length
    const { notes: kept = [] } = graph
    const { notes: clipped = [] } = clipping
    if (clipping.nodes.length + clipped.length === 0 || clipping.nodes.length > room) return graph
    if (kept.length + clipped.length > graphLimits.notes) return graph
    if (graph.edges.length + clipping.edges.length > graphLimits.edges) return graph
    const ids = renamedIds(graph, clipping)
    const renamed = (id: string) => ids.get(id) ?? id
    const names = new Set(graph.nodes.map((node) => node.name))
    const offset = offsetOf(graph, clipping, at)
    const nodes = clipping.nodes.map((node) => {
      const name = uniqueName(node.name, names)
      names.add(name)
      const position = snapPoint({ x: node.position.x + offset.x, y: node.position.y + offset.y })
      return { ...rewriteNode(node, ids, lookup(node.type)), id: renamed(node.id), name, position }
    })
    const taken = new Set(edgeIds(graph.edges))
    const edges = clipping.edges.map((edge) => {
      const { sourcePort, targetPort } = edge
      const ends = { source: renamed(edge.source), sourcePort, target: renamed(edge.target) }
      const next = makeEdge(targetPort === undefined ? ends : { ...ends, targetPort }, taken)
      taken.add(next.id)
      return next
    })
    const noteIds = new Set(kept.map((note) => note.id))
    const notes = clipped.map((note) => {
      const id = noteIds.has(note.id) ? uniqueNodeId('note', noteIds) : note.id
      noteIds.add(id)
      return { ...note, id, position: snapPoint({ x: note.position.x + offset.x, y: note.position.y + offset.y }) }
    })
    const next = { ...graph, nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] }
    return withNotes(next, [...kept, ...notes])
  },
})

function renamedIds(graph: Graph, clipping: Clipping): ReadonlyMap<string, string> {
  const existing = new Set(graph.nodes.map((node) => node.id))
  const taken = new Set([...existing, ...clipping.nodes.map((node) => node.id)])
  const ids = new Map<string, string>()
  for (const { id } of clipping.nodes) {
    if (!existing.has(id)) continue
    const next = uniqueNodeId(id, taken)
    taken.add(next)
    ids.set(id, next)
  }
  return ids
}

function offsetOf(graph: Graph, clipping: Clipping, at: Point | undefined): Point {
  const { notes = [] } = clipping
  const places = [...clipping.nodes, ...notes].map(({ position }) => position)
  const left = Math.min(...places.map(({ x }) => x))
  const top = Math.min(...places.map(({ y }) => y))
  if (at !== undefined) return { x: at.x - left, y: at.y - top }
  const taken = graph.nodes.map((node) => boxOf(node))
  const corners = new Set(graph.notes?.map(({ position: { x, y } }) => `${x} ${y}`))
  for (let offset = 0; ; offset += 48) {
    const isFree = clipping.nodes.every((node) => {
      const box = boxOf(node)
      return !taken.some((other) => overlaps({ ...box, x: box.x + offset, y: box.y + offset }, other, -24))
    })
    // Notes may lie on anything but exactly on another, which would hide it.
    const hides = notes.some(({ position: { x, y } }) => corners.has(`${x + offset} ${y + offset}`))
    if (isFree && !hides) return { x: offset, y: offset }
  }
}
