import type { Chain } from '../contract/cause.ts'
import type { WorkflowId } from '../contract/id.ts'

/** Workflows that are remembered of a chain: more than may follow each other before it is refused as a loop. */
const maxPath = 20

/** The chain of what an execution causes: that of the event which began it, and one step further. */
export function nextChain(
  began: Chain | undefined,
  { workflowId, eventId }: { workflowId: WorkflowId; eventId: string },
): Chain {
  const { root, depth, path } = began ?? { root: eventId, depth: 0, path: [] }
  return { root, depth: depth + 1, path: [...path, workflowId].slice(-maxPath) }
}
