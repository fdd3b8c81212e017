import type { CalendarSnapshot } from '../../contract/calendar.ts'
import type { Chain } from '../../contract/cause.ts'
import type {
  ContactId,
  EventId,
  ExecutionId,
  OrganizationId,
  UserId,
  VersionId,
  WorkflowId,
} from '../../contract/id.ts'
import type { Graph } from '../../contract/graph.ts'

/** What an execution is, from its first turn to its end. The graph is the pinned version's: executions outlive edits. */
export interface ExecutionHeader {
  organizationId: OrganizationId
  executionId: ExecutionId
  workflow: { id: WorkflowId; name: string }
  version: { id: VersionId; number: number }
  eventId: EventId
  /** Epoch ms. */
  acceptedAt: number
  graph: Graph
  /** The calendars that its waits go by, as they were when it began; absent where none does. */
  calendars?: CalendarSnapshot
  /** Why the event that began it happened, where that is known: what it causes goes on in the same chain. */
  cause?: Chain
  /** The member who sent or caused that event, where that is known and of use. */
  sender?: UserId
  /** The contact that it is about, where the event that began it (or who called it) names one. */
  contactId?: ContactId
  /** The contact that was let in by it, and is to hear of its end. */
  enrolled?: ContactId
  /** The inbox whose event began it, where that event began nothing else. */
  inbox?: { shard: number; ends: number }
}
