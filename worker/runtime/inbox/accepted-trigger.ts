import type { TriggerKind } from '../../contract/execution.ts'
import type { Cause } from '../../contract/cause.ts'
import type { ContactId, EventId, HookKey, OrganizationId, UserId, VersionId, WorkflowId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { JournalEntry } from '../../engine/event.ts'

/**
 * An accepted trigger as it lies in an inbox. Which workflows it starts is decided when it is consumed, except where
 * the caller named one version.
 */
export interface AcceptedTrigger {
  organizationId: OrganizationId
  eventId: EventId
  /** Epoch ms: the clock of the first turn, so that playing it again gives the same journal. */
  at: number
  source:
    | { kind: 'webhook'; hookKey: HookKey }
    | { kind: 'event'; eventType: string }
    | {
        kind: 'start'
        workflowId: WorkflowId
        versionId: VersionId
        nodeId: string
        triggerKind: Extract<TriggerKind, 'manual' | 'webhook' | 'event'>
      }
  /** What the workflow reads as `trigger`. */
  data: Json
  /** The contact that the event is about, and why it happened, where it says so. */
  contactId?: ContactId
  cause?: Cause
  /** The member who sent it, or whose key did. */
  sender?: UserId
  /**
   * The process that accepted it plays its one execution, calls included; another process that goes on with it takes calls
   * under way for lost. `entries`: the turns played; empty for the first turn alone, which can be played again.
   */
  played?: { entries: JournalEntry[] }
}
