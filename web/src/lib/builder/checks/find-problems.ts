import type { Graph } from '#contract/graph.ts'
import type { Problem } from '#contract/problem.ts'

/** What is wrong with a graph. The rules are the server's own; their code is loaded when first asked. */
export async function findProblems(graph: Graph): Promise<readonly Problem[]> {
  const { validateGraph } = await import('../../../../../worker/nodes/validate-graph.ts')
  return validateGraph(graph)
}
