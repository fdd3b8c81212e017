import type { Graph } from './graph.ts'
import type { Problem } from './problem.ts'

/**
 * Webhooks that are to verify their senders and have no secret yet: an unverified event must never get in by omission.
 * Which secrets are set is not in a graph, so this is not among its rules.
 */
export function hookProblems(
  graph: Pick<Graph, 'nodes'>,
  hooks: readonly { nodeId: string; hasSecret: boolean }[],
): Problem[] {
  const withSecret = new Set(hooks.filter(({ hasSecret }) => hasSecret).map(({ nodeId }) => nodeId))
  return graph.nodes.flatMap(({ id, type, params }, index): Problem[] => {
    const verification = params['verification'] ?? 'none'
    if (type !== 'trigger.webhook' || verification === 'none' || withSecret.has(id)) return []
    return [
      {
        severity: 'error',
        code: 'hook.secret_missing',
        message: 'Set the secret that senders sign with.',
        path: `nodes.${index}.params.verification`,
        nodeId: id,
      },
    ]
  })
}
