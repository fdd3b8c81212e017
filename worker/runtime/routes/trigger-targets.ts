import type { TriggerKind } from '../../contract/execution.ts'
import type { VersionId, WorkflowId } from '../../contract/id.ts'
import { matchesEventType } from '../../triggers/event-match.ts'
import type { Target } from '../../store/routes.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import type { ReadyEventTarget } from './route-cache.ts'

/** One execution to begin: which version, at which trigger node. */
export interface Start {
  workflowId: WorkflowId
  versionId: VersionId
  nodeId: string
  kind: TriggerKind
}

/** The executions a webhook starts: one per workflow behind its address. */
export function webhookStarts(targets: readonly Target[]): Start[] {
  return targets.map(({ workflowId, versionId, nodeId }) => ({ workflowId, versionId, nodeId, kind: 'webhook' }))
}

/** The executions an event starts: those that listen to its type and whose own conditions it meets. */
export function eventStarts(
  targets: readonly ReadyEventTarget[],
  trigger: AcceptedTrigger,
  eventType: string,
): Start[] {
  return targets
    .filter(({ match, wants }) => matchesEventType(match, eventType) && wants(trigger.data, trigger.at))
    .map(({ workflowId, versionId, nodeId }) => ({ workflowId, versionId, nodeId, kind: 'event' }))
}
