import { Graph } from './graph.ts'

/**
 * A stored graph of any format this product ever wrote, as today's format. Pure; each upgrade takes one format to
 * the next. Throws when the value is no graph, and names its format when a newer release wrote it.
 */
export function upgradeGraph(stored: unknown): Graph {
  let graph = stored
  for (let upgrade = upgrades.get(formatOf(graph)); upgrade !== undefined; upgrade = upgrades.get(formatOf(graph))) {
    graph = upgrade(graph)
  }
  const format = formatOf(graph)
  if (format !== graphFormat) {
    const found = JSON.stringify(format) ?? 'none'
    throw new Error(
      `A stored graph has format ${found}; this release reads formats up to ${graphFormat}. A newer release wrote it?`,
    )
  }
  return Graph.parse(graph)
}

/** Today's format. */
const graphFormat = 1

/** From a format's number to the function that takes it to the next. */
const upgrades = new Map<unknown, (graph: unknown) => unknown>()

function formatOf(graph: unknown): unknown {
  return typeof graph === 'object' && graph !== null && 'version' in graph ? graph.version : undefined
}
