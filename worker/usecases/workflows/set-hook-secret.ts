import type { Graph } from '../../contract/graph.ts'
import type { WorkflowId } from '../../contract/id.ts'
import type { HookSecret, SetHookSecretRequest } from '../../contract/workflow.ts'
import { appError } from '../../lib/app-error.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { webhookParams, type WebhookParams } from '../../nodes/trigger/webhook.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { newHookSecret, secretProblem } from '../../triggers/webhook/index.ts'
import type { Context } from '../context.ts'
import { requireWorkflow } from './require-workflow.ts'

/**
 * Sets the secret that a webhook's senders sign with: the given one, or a new one. The answer is the only time it is
 * shown. The one before stays valid for a day. Throws `hook.not_found`, or `request.invalid` for one that cannot work with
 * the way in which the draft's webhook verifies its senders.
 */
export async function setHookSecret(
  context: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'runtime' | 'vault' | 'now'>,
  workflowId: WorkflowId,
  nodeId: string,
  { secret: given }: SetHookSecretRequest,
): Promise<HookSecret> {
  const { scope, workflows, hooks, runtime, vault, now } = context
  requireCapability(scope, 'workflow.write')
  const { graph } = await requireWorkflow(workflows, workflowId)
  const hook = (await hooks.list(workflowId)).find((candidate) => candidate.nodeId === nodeId)
  if (hook === undefined) throw noWebhook(nodeId)
  const verification = verificationOf(graph, nodeId)
  const secret = given ?? newHookSecret(verification)
  const problem = secretProblem(verification, secret)
  if (problem !== undefined) {
    throw invalidRequest([{ path: 'secret', message: problem }])
  }
  const place = { organizationId: scope.organizationId, kind: 'hook', id: hook.key, field: 'secret' }
  const sealed = await vault.seal(secret, place)
  const set = await hooks.setSecret(workflowId, nodeId, sealed, now())
  if (!set) throw noWebhook(nodeId)
  await runtime.routesChanged(scope.organizationId)
  return { nodeId, secret }
}

function noWebhook(nodeId: string) {
  return appError('hook.not_found', { message: `The draft has no webhook “${nodeId}”. Save it with one first.` })
}

function verificationOf(graph: Graph, nodeId: string): WebhookParams['verification'] {
  const node = graph.nodes.find(({ id }) => id === nodeId)
  const { data } = webhookParams().shape.verification.safeParse(node?.params['verification'])
  return data ?? 'none'
}
