import type { WorkflowId } from '../contract/id.ts'
import type { HookSecret, SetHookSecretRequest } from '../contract/workflow.ts'
import { appError } from '../lib/app-error.ts'
import { requireCapability } from '../tenancy/scope.ts'
import type { Context } from './context.ts'
import { requireWorkflow } from './require-workflow.ts'

/**
 * Sets the secret that a webhook's senders sign with: the given one, or a new one. The answer is the only time it is
 * shown. The one before stays valid for a day. Throws `hook.not_found`.
 */
export async function setHookSecret(
  context: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'runtime' | 'vault' | 'now'>,
  workflowId: WorkflowId,
  nodeId: string,
  { secret = newSecret() }: SetHookSecretRequest,
): Promise<HookSecret> {
  const { scope, workflows, hooks, runtime, vault, now } = context
  requireCapability(scope, 'workflow.write')
  await requireWorkflow(workflows, workflowId)
  const hook = (await hooks.list(workflowId)).find((candidate) => candidate.nodeId === nodeId)
  if (hook === undefined) throw appError('hook.not_found')
  const place = { organizationId: scope.organizationId, kind: 'hook', id: hook.key, field: 'secret' }
  const sealed = await vault.seal(secret, place)
  const set = await hooks.setSecret(workflowId, nodeId, sealed, now())
  if (!set) throw appError('hook.not_found')
  await runtime.routesChanged(scope.organizationId)
  return { nodeId, secret }
}

/** In the notation of Standard Webhooks, which every scheme takes as it is. */
function newSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
}
