import type { Graph, GraphNode } from '../../contract/graph.ts'
import { appError } from '../../lib/app-error.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { triggersOf } from '../workflows/draft.ts'

/**
 * The trigger to start at: the one that is named, else the first. Throws `workflow.no_trigger` where there is none at all,
 * and `request.invalid` with those there are where there is none of that name.
 */
export function startNode(graph: Graph, wanted: string | undefined): GraphNode {
  const triggers = triggersOf(graph)
  const [first] = triggers
  if (first === undefined) throw appError('workflow.no_trigger')
  const node = wanted === undefined ? first : triggers.find(({ id }) => id === wanted)
  if (node !== undefined) return node
  const message = `is no trigger of this workflow. It has ${triggers.map(({ id }) => id).join(', ')}`
  throw invalidRequest([{ path: 'trigger', message }])
}
