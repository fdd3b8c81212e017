import type { HookKey } from '../../contract/id.ts'
import type { Workflow } from '../../contract/workflow.ts'
import type { StoredHook } from '../../store/hooks.ts'
import type { StoredWorkflow } from '../../store/workflows.ts'
import type { Context } from '../context.ts'

const hookPath = (key: HookKey) => `/hooks/${key}`

/** The one address of a hook. */
export function hookUrl(origin: string, key: HookKey): string {
  return `${origin}${hookPath(key)}`
}

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
        return { nodeId, path: hookPath(key), url: hookUrl(origin, key), hasSecret }
      }),
  }
}

/**
 * The answer to a change: the workflow as it left it. Neither capability nor sight is asked for again: who may change may
 * not have to be able to read, and a change that was refused afterwards would be made a second time.
 */
export async function presentChanged(
  { hooks, origin }: Pick<Context, 'hooks' | 'origin'>,
  stored: StoredWorkflow,
): Promise<Workflow> {
  return presentWorkflow(stored, await hooks.list(stored.summary.id), origin)
}
