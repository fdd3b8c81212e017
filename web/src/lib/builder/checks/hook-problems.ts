import type { Graph } from '#contract/graph.ts'
import type { Problem } from '#contract/problem.ts'
import type { Hook } from '#contract/workflow.ts'

/**
 * Webhooks that are to verify their senders and have no secret yet. The server refuses to publish them; only it knows
 * which secrets are set, so this is not among the rules of a graph.
 */
export function hookProblems(graph: Graph, hooks: readonly Hook[]): Problem[] {
  const withSecret = new Set(hooks.filter(({ hasSecret }) => hasSecret).map(({ nodeId }) => nodeId))
  return graph.nodes.flatMap((node, index): Problem[] => {
    const verification = node.params['verification'] ?? 'none'
    if (node.type !== 'trigger.webhook' || verification === 'none' || withSecret.has(node.id)) return []
    return [
      {
        severity: 'error',
        code: 'hook.secret_missing',
        message: 'Set the secret that senders sign with.',
        path: `nodes.${index}.params.verification`,
        nodeId: node.id,
      },
    ]
  })
}
