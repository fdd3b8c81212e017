import { Graph } from './graph.ts'

/**
 * A stored graph of any format this product ever wrote, as today's format. Pure; each upgrade takes one format to
 * the next. Throws when the value is no graph, or was written by a newer release.
 */
export function upgradeGraph(stored: unknown): Graph {
  let graph = stored
  for (let upgrade = upgrades.get(formatOf(graph)); upgrade !== undefined; upgrade = upgrades.get(formatOf(graph))) {
    graph = upgrade(graph)
  }
  return Graph.parse(graph)
}

/** From a format's number to the function that takes it to the next. Format 1 is today's. */
const upgrades = new Map<unknown, (graph: unknown) => unknown>()

function formatOf(graph: unknown): unknown {
  return typeof graph === 'object' && graph !== null && 'version' in graph ? graph.version : undefined
}
