import type { Problem } from '#contract/problem.ts'
import type { ProblemCount } from '#lib/graph/flow/to-flow.ts'

/** How many problems each node has. */
export function problemCounts(problems: readonly Problem[]): ReadonlyMap<string, ProblemCount> {
  const counts = new Map<string, ProblemCount>()
  for (const { nodeId, severity } of problems) {
    if (nodeId === undefined) continue
    const { errors, warnings } = counts.get(nodeId) ?? { errors: 0, warnings: 0 }
    const isError = severity === 'error'
    counts.set(nodeId, { errors: errors + (isError ? 1 : 0), warnings: warnings + (isError ? 0 : 1) })
  }
  return counts
}

/** The problems of one node, by the param they are about; those about the node itself under ''. */
export function problemsByParam(problems: readonly Problem[], nodeId: string): ReadonlyMap<string, readonly Problem[]> {
  const own = problems.filter((problem) => problem.nodeId === nodeId)
  return Map.groupBy(own, ({ path }) => /\.params\.([^.[]+)/.exec(path)?.[1] ?? '')
}
