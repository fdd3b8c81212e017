import type { Problem } from '../../contract/problem.ts'
import type { GraphIndex } from './graph-index.ts'
import { inParams } from './problem-at.ts'

/** Merges to which fewer branches lead than they are to join. */
export function checkMerges({ nodes, incoming }: GraphIndex): Problem[] {
  return [...nodes.values()].flatMap((indexed): Problem[] => {
    const { node } = indexed
    if (node.type !== 'flow.merge') return []
    const edges = incoming.get(node.id) ?? []
    const sources = new Set(edges.map(({ source }) => source)).size
    const { mode, count = 2 } = node.params
    if (mode === 'count' && typeof count === 'number' && count > sources && sources > 1) {
      const message = `It waits for ${count} branches, and only ${sources} lead here.`
      return [inParams(indexed, ['count'], { code: 'merge.too_few', message, severity: 'warning' })]
    }
    if (sources !== 1) return []
    const message = 'Only one step leads here. Draw an edge from each branch that it is to join.'
    return [inParams(indexed, [], { code: 'merge.single', message, severity: 'warning' })]
  })
}
