import type { Graph } from '#contract/graph.ts'
import type { Problem } from '#contract/problem.ts'
import { loadOutside } from '../model/load-outside.ts'

/** What is wrong with a graph. The rules are the server's own; their code is loaded when first asked. */
export async function findProblems(graph: Graph): Promise<readonly Problem[]> {
  const { validateGraph } = await import('../../../../../worker/nodes/validate-graph.ts')
  const mentions = JSON.stringify(graph.nodes).includes('organization')
  const { organization } = mentions ? await loadOutside() : {}
  // Those that are not known cannot be told unknown.
  return validateGraph(graph, organization && Object.keys(organization))
}
