import type { Graph, RetryPolicy } from '../contract/graph.ts'
import { findNodeType } from './registry.ts'

const known = new WeakMap<Graph, boolean>()

/** Whether anything in a graph is tried again: only calls are. Found out once per graph. */
export function makesCalls(graph: Graph): boolean {
  let found = known.get(graph)
  if (found === undefined) {
    found = graph.nodes.some(({ type }) => findNodeType(type)?.kind === 'effect')
    known.set(graph, found)
  }
  return found
}

/** The graph with what its organization says where it does not say itself, part by part. The same where that is nothing. */
export function withRetryDefaults(graph: Graph, retry: RetryPolicy | null): Graph {
  if (retry === null) return graph
  return { ...graph, settings: { ...graph.settings, retry: { ...retry, ...graph.settings?.retry } } }
}
