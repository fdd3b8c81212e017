import type { Graph } from '#contract/graph.ts'
import { graphLimits } from '#contract/facts/graph.ts'
import { type Connection, sameConnection } from '#lib/graph/model/edges.ts'
import { hasInput, type NodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'

/**
 * Why this connection may not be drawn, as a sentence for the person drawing it; undefined when it may. With `lookup`
 * also asks the node types whether the ports exist; without, only what any graph forbids.
 */
export function whyNotConnect(graph: Graph, connection: Connection, lookup?: NodeTypeLookup): string | undefined {
  const source = graph.nodes.find((node) => node.id === connection.source)
  const target = graph.nodes.find((node) => node.id === connection.target)
  if (source === undefined || target === undefined) return 'That step is gone.'
  if (source === target) return 'A step cannot lead to itself.'
  if (graph.edges.length >= graphLimits.edges) return `A workflow has at most ${graphLimits.edges} connections.`
  if (graph.edges.some((edge) => sameConnection(edge, connection))) return 'These are connected already.'
  if (lookup === undefined) return undefined
  if (!hasInput(lookup(target.type))) return 'A trigger starts the workflow; nothing can come before it.'
  if (!portsOf(source, lookup(source.type)).some((port) => port.name === connection.sourcePort)) {
    return `“${source.name}” has no such way out.`
  }
  return undefined
}
