import type { GraphNode } from '../../contract/graph.ts'
import type { WorkflowId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { eventParams } from '../../nodes/trigger/event.ts'
import { webhookParams } from '../../nodes/trigger/webhook.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { isWebhook } from '../workflows/draft.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'
import type { Hears, TriggerPlace } from './ports.ts'

export type NeedsSource = Pick<Context, 'scope' | 'workflows' | 'hooks'>

/** A trigger of a workflow: a webhook with its address, or a step that asks for events of a type. */
export interface SourceAddress {
  kind: Hears['kind']
  workflowId: WorkflowId
  nodeId: string
}

export interface Source {
  place: TriggerPlace
  node: GraphNode
  /** Absent where the draft's params cannot be used. */
  hears: Hears | undefined
}

/**
 * A trigger of a draft that the caller may edit and whose data they may read. For events they need to be able to publish too: whoever
 * listens reads what a live workflow with such a trigger would, and no more. Throws `workflow.not_found`, `hook.not_found`,
 * `trigger.not_found`, `workflow.archived`, `execution.payload_forbidden`.
 */
export async function findSource(context: NeedsSource, address: SourceAddress): Promise<Source> {
  const { scope, workflows, hooks } = context
  const { kind, workflowId, nodeId } = address
  requireCapability(scope, 'workflow.write')
  if (!scope.capabilities.has('execution.read_payload')) throw appError('execution.payload_forbidden')
  if (kind === 'event') requireCapability(scope, 'workflow.publish')
  const [{ summary, graph }, addresses] = await Promise.all([
    requireWorkflow(workflows, workflowId),
    kind === 'hook' ? hooks.list(workflowId) : [],
  ])
  if (summary.status === 'archived') throw appError('workflow.archived')
  const place = placeOf(address)
  if (kind === 'event') {
    const node = graph.nodes.find(({ id, type }) => id === nodeId && type === 'trigger.event')
    if (node === undefined) {
      const message = `The draft has no step “${nodeId}” that begins with an event. Save it with one first.`
      throw appError('trigger.not_found', { message })
    }
    const params = eventParams().safeParse(node.params).data
    return { place, node, hears: params && { kind, eventType: params.eventType } }
  }
  const hook = addresses.find((candidate) => candidate.nodeId === nodeId)
  const node = graph.nodes.find((candidate) => candidate.id === nodeId && isWebhook(candidate))
  if (hook === undefined || node === undefined) {
    throw appError('hook.not_found', { message: `The draft has no webhook “${nodeId}”. Save it with one first.` })
  }
  const settings = webhookParams().safeParse(node.params).data
  return { place, node, hears: settings && { kind, hookKey: hook.key, settings } }
}

/** Where a tap listens: by this name it is asked and closed. */
export function placeOf({ workflowId, nodeId }: SourceAddress): TriggerPlace {
  return `${workflowId}/${nodeId}`
}
