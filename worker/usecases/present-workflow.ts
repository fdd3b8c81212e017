import type { Workflow } from '../contract/workflow.ts'
import type { StoredHook } from '../store/hooks.ts'
import type { StoredWorkflow } from '../store/workflows.ts'

/** A workflow as the wire has it: with the addresses of the webhooks that are in its draft. */
export function presentWorkflow(stored: StoredWorkflow, hooks: readonly StoredHook[], origin: string): Workflow {
  const drawn = new Set(stored.graph.nodes.map(({ id }) => id))
  return {
    ...stored.summary,
    graph: stored.graph,
    revision: stored.revision,
    hooks: hooks
      .filter(({ nodeId }) => drawn.has(nodeId))
      .map(({ key, nodeId, hasSecret }) => {
        const path = `/hooks/${key}`
        return { nodeId, path, url: `${origin}${path}`, hasSecret }
      }),
  }
}
