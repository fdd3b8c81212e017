import type { HookKey, WorkflowId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { webhookParams } from '../../nodes/trigger/webhook.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { WebhookSettings } from '../../triggers/webhook/index.ts'
import type { Context } from '../context.ts'
import { isWebhook } from '../workflows/draft.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'

export type NeedsHook = Pick<Context, 'scope' | 'workflows' | 'hooks'>

/**
 * The hook of a webhook in a draft that the caller may edit and whose data they may read; `settings` is absent where the draft's
 * cannot be used. Throws `workflow.not_found`, `hook.not_found`, `workflow.archived`, `execution.payload_forbidden`.
 */
export async function requireHook(
  { scope, workflows, hooks }: NeedsHook,
  workflowId: WorkflowId,
  nodeId: string,
): Promise<{ key: HookKey; settings: WebhookSettings | undefined }> {
  requireCapability(scope, 'workflow.write')
  if (!scope.capabilities.has('execution.read_payload')) throw appError('execution.payload_forbidden')
  const [{ summary, graph }, addresses] = await Promise.all([
    requireWorkflow(workflows, workflowId),
    hooks.list(workflowId),
  ])
  if (summary.status === 'archived') throw appError('workflow.archived')
  const hook = addresses.find((candidate) => candidate.nodeId === nodeId)
  const node = graph.nodes.find((candidate) => candidate.id === nodeId && isWebhook(candidate))
  if (hook === undefined || node === undefined) {
    throw appError('hook.not_found', { message: `The draft has no webhook “${nodeId}”. Save it with one first.` })
  }
  return { key: hook.key, settings: webhookParams().safeParse(node.params).data }
}
