import { graphLimits } from '#contract/facts/graph.ts'
import type { NodeType } from '#contract/node-type.ts'
import { makeEdge } from '#lib/graph/model/edges.ts'
import { card, cardHeight, type Point, snap } from '#lib/graph/model/geometry.ts'
import { boxes, freePlace } from '../model/place.ts'
import { hasInput, type NodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'
import { reachable } from '#lib/graph/model/walk.ts'
import { newNode } from './add-node.ts'
import { defineCommand } from './command.ts'

/**
 * Puts a node between the two that an edge connects, and moves what follows to the right when there is no room; with `at`,
 * to the free place nearest to that, and nothing moves. Only for types that can be led into and out of.
 */
export const insertOnEdge = defineCommand<{
  edgeId: string
  nodeType: NodeType
  lookup: NodeTypeLookup
  at?: Point | undefined
}>({
  name: 'insertOnEdge',
  label: 'insert step',
  perform(graph, { edgeId, nodeType, lookup, at }) {
    const edge = graph.edges.find((candidate) => candidate.id === edgeId)
    const ports = portsOf({ params: nodeType.defaultParams }, nodeType)
    const [firstPort] = ports
    const taken = boxes(graph, lookup)
    const source = edge && taken.get(edge.source)
    const target = edge && taken.get(edge.target)
    const isFull = graph.nodes.length >= graphLimits.nodes || graph.edges.length >= graphLimits.edges
    if (!edge || !source || !target || firstPort === undefined || !hasInput(nodeType) || isFull) return graph

    const start = source.x + source.width + card.columnGap
    const wanted = start + card.width + card.columnGap
    const isAhead = at === undefined && target.x >= source.x + source.width
    const shift = isAhead ? Math.max(0, snap(wanted - target.x)) : 0
    const moved = shift === 0 ? new Set<string>() : reachable(graph, new Set([edge.source]), 'downstream')
    const nodes = graph.nodes.map((node) =>
      moved.has(node.id) && node.position.x >= target.x
        ? { ...node, position: { ...node.position, x: node.position.x + shift } }
        : node,
    )
    const height = cardHeight(ports.length)
    const x = shift > 0 ? start : (source.x + target.x) / 2
    const y = (source.y + source.height / 2 + target.y + target.height / 2) / 2 - height / 2
    const spread = boxes({ ...graph, nodes }, lookup)
    const node = newNode(graph, nodeType, freePlace(spread.values(), at ?? { x, y }, height))

    const rest = graph.edges.filter((other) => other.id !== edgeId)
    const ids = new Set(rest.map((other) => other.id))
    const into = makeEdge({ source: edge.source, sourcePort: edge.sourcePort, target: node.id }, ids)
    const { target: to, targetPort } = edge
    const onward = makeEdge(
      { source: node.id, sourcePort: firstPort.name, target: to, ...(targetPort === undefined ? {} : { targetPort }) },
      new Set([...ids, into.id]),
    )
    return { ...graph, nodes: [...nodes, node], edges: [...rest, into, onward] }
  },
})
