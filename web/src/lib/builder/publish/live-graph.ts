import type { Graph } from '#contract/graph.ts'
import { emptyGraph } from '#contract/facts/graph.ts'
import { getVersion, listVersions } from '#lib/api/workflows.ts'

/** The graph that runs now; an empty one where nothing was published yet. */
export async function liveGraph(
  workflowId: string,
  publishedNumber: number | undefined,
  signal: AbortSignal,
): Promise<Graph> {
  if (publishedNumber === undefined) return emptyGraph
  const { items } = await listVersions(workflowId, signal)
  const live = items.find(({ number }) => number === publishedNumber)
  return live === undefined ? emptyGraph : (await getVersion(workflowId, live.id, signal)).graph
}
