import type { ForkTree, ForkTreeNode } from '#contract/fork.ts'

export interface TreeRow {
  node: ForkTreeNode
  /** How many executions are above it. */
  depth: number
}

/** A tree of forks from the top down: each under what it is a fork of, oldest first. */
export function toTreeRows({ nodes }: ForkTree): TreeRow[] {
  const below = new Map<string | undefined, ForkTreeNode[]>()
  const known = new Set<string>(nodes.map(({ executionId }) => executionId))
  for (const node of nodes) {
    // One whose origin is not shown stands at the top.
    const above = node.origin !== undefined && known.has(node.origin.executionId) ? node.origin.executionId : undefined
    below.set(above, [...(below.get(above) ?? []), node])
  }
  const rows: TreeRow[] = []
  const walk = (above: string | undefined, depth: number) => {
    for (const node of below.get(above) ?? []) {
      rows.push({ node, depth })
      walk(node.executionId, depth + 1)
    }
  }
  walk(undefined, 0)
  return rows
}
