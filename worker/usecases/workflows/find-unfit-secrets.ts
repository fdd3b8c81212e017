import type { Graph } from '../../contract/graph.ts'
import type { WorkflowId } from '../../contract/id.ts'
import type { Problem } from '../../contract/problem.ts'
import { webhookParams } from '../../nodes/trigger/webhook.ts'
import { secretProblem } from '../../triggers/webhook/index.ts'
import { VaultError } from '../../vault/index.ts'
import type { Context } from '../context.ts'

/**
 * Webhooks whose secret cannot work with the way the graph says they verify their senders: it was set while they were
 * verified in another way. Published like this, they would refuse everybody. Secrets are read for this, and never told.
 */
export async function findUnfitSecrets(
  { scope, hooks, vault }: Pick<Context, 'scope' | 'hooks' | 'vault'>,
  workflowId: WorkflowId,
  graph: Graph,
): Promise<Problem[]> {
  const signed = graph.nodes.flatMap(({ id, type, params }, index) => {
    const { data } = webhookParams().shape.verification.safeParse(params['verification'])
    return type !== 'trigger.webhook' || data === undefined || data === 'none'
      ? []
      : [{ id, index, verification: data }]
  })
  if (signed.length === 0) return []
  const sealed = new Map((await hooks.listSecrets(workflowId)).map((secret) => [secret.nodeId, secret]))

  const found = signed.map(async ({ id, index, verification }): Promise<Problem[]> => {
    const secret = sealed.get(id)
    if (secret === undefined) return []
    const place = { organizationId: scope.organizationId, kind: 'hook', id: secret.key, field: 'secret' }
    const problem = await vault.open(secret.sealedSecret, place).then(
      (text) => secretProblem(verification, text),
      (error: unknown) => {
        if (error instanceof VaultError) return 'cannot be read any more'
        throw error
      },
    )
    if (problem === undefined) return []
    return [
      {
        severity: 'error',
        code: 'hook.secret_unfit',
        message: `The secret that is set does not fit this way of verifying senders: it ${problem}. Set another.`,
        path: `nodes.${index}.params.verification`,
        nodeId: id,
      },
    ]
  })
  return (await Promise.all(found)).flat()
}
