import type { Loop } from '../causality/loop.ts'
import type { Cause, Chain } from '../contract/cause.ts'
import type { QueuePlace } from '../contract/concurrency.ts'
import type { ExecutionEdits } from '../contract/fork.ts'
import type { Execution } from '../contract/execution.ts'
import type { Failure } from '../contract/failure.ts'
import type { ContactId, EventId, ExecutionId, OrganizationId, UserId, VersionId, WorkflowId } from '../contract/id.ts'
import type { Json } from '../contract/json.ts'
import type { AcceptedEvent, EventRequest } from '../contract/trigger.ts'
import type { Outcome } from '../engine/behaviour.ts'
import type { ControlInput } from '../engine/control/control.ts'
import type { Refusal } from '../engine/control/may-control.ts'
import type { Invocation } from '../engine/effect.ts'
import type { GateRef, JournalEntry } from '../engine/event.ts'
import type { EditProblem } from '../engine/fork/edits.ts'
import type { Misfit } from '../engine/migrate/misfits.ts'

/** The version an execution is pinned to. `number` is 0 for a draft that was frozen to be tried. */
export interface PinnedVersion {
  workflowId: WorkflowId
  versionId: VersionId
}

export interface StartRequest extends PinnedVersion {
  organizationId: OrganizationId
  /** The trigger node to start at, and its data. */
  trigger: { nodeId: string; kind: 'manual' | 'webhook' | 'event'; data: Json }
  /** The caller's own name for this start: the same key and input find the first execution again. */
  idempotencyKey?: string
  /** The data without what the moment of asking adds to it, where it adds something: asked again, it is the same. */
  asked?: Json
  /** Wait for the end, at most so many milliseconds, and give the execution as it stands then. */
  waitMs?: number
  /** Why it is asked for, where an execution did. */
  cause?: Cause | undefined
}

export interface Started {
  eventId: EventId
  executionId: ExecutionId
  duplicate: boolean
  execution?: Execution
}

/** A call of a test that is really made. */
export interface RealCall {
  organizationId: OrganizationId
  /** Of the test, which no execution has. */
  executionId: string
  nodeType: string
  invocation: Invocation
  /** Aborted when the test no longer waits for it. */
  cancelled: AbortSignal
}

/** What had left an inbox undone, as the list of dead letters keeps it. */
export interface LostLetter {
  kind: 'event' | 'record'
  /** JSON text as it lay in the inbox. */
  payload: string
  /** Epoch ms. Names this delivery: the same one twice is one, and one that is given up again later is another. */
  givenUpAt: number
  /** In the place of the data that the event carried. */
  data?: Json
}

/** `pretended`: its effects were, and a redrive would make them. */
export type RedriveAnswer =
  | 'accepted'
  | 'not_finished'
  | 'nothing_failed'
  | 'not_found'
  | 'pretended'
  | { problems: EditProblem[] }

/** A fork as it begins. */
export interface ForkStart {
  organizationId: OrganizationId
  executionId: ExecutionId
  eventId: EventId
  /** Epoch ms. */
  acceptedAt: number
  versionId: VersionId
  /** The contact that it is about, as the origin is. */
  contactId?: ContactId | undefined
  entries: JournalEntry[]
  /** It has been played to its end. */
  pretend: boolean
}

export interface MigrationWish {
  by: string
  workflowId: WorkflowId
  versionId: VersionId
  preview: boolean
}

/** `busy`: it is not at a wait; `already`: it goes on with that version. `waitsAt` are paths of steps. */
export type MigrationAnswer =
  | { kind: 'moved' }
  | { kind: 'already' }
  | { kind: 'movable'; waitsAt: string[] }
  | { kind: 'misfit'; waitsAt: string[]; misfits: Misfit[] }
  | { kind: 'busy'; waitsAt: string[] }
  | { kind: 'over' }

/** What use cases ask of the running system. `runtime/` implements it; tests fake it. */
export interface ExecutionRuntime {
  /** Durably starts one execution. Throws `hook.conflict` when the key was used with another input. */
  start(request: StartRequest): Promise<Started>
  /** Durably accepts an event for every active workflow that listens to its type. `cause`: the step that sent it; `sender`: the member, or whose key. */
  emit(
    organizationId: OrganizationId,
    event: EventRequest,
    from?: { cause?: Cause; sender?: UserId },
  ): Promise<AcceptedEvent>
  /** Makes one call of a test and tells what it gave. Stores nothing and tries nothing again. Never rejects. */
  perform(call: RealCall): Promise<{ ok: true; outcome: Outcome } | { ok: false; failure: Failure }>
  /** The execution as its own object (or the accepted, not yet consumed trigger) knows it; undefined when none does. */
  findLive(organizationId: OrganizationId, id: ExecutionId): Promise<Execution | undefined>
  /** How those of the executions that are queued stand at their gates, by id. Of one that cannot be asked there is nothing. */
  findQueuePlaces(organizationId: OrganizationId, ids: readonly ExecutionId[]): Promise<Map<ExecutionId, QueuePlace>>
  /** What an execution of the organization that begins now passes beside its workflow's own gates. Almost always nothing. */
  listSharedGates(organizationId: OrganizationId): Promise<readonly GateRef[]>
  /** The journal of one that `findLive` finds. */
  findJournal(organizationId: OrganizationId, id: ExecutionId): Promise<JournalEntry[] | undefined>
  /** Commits the cancellation before it answers. */
  cancel(
    organizationId: OrganizationId,
    id: ExecutionId,
    by: string,
    reason: string,
  ): Promise<'accepted' | 'finished' | 'not_found'>
  /** Takes a hand in an execution that is under way, committed before it answers; else says why it cannot be. */
  control(
    organizationId: OrganizationId,
    id: ExecutionId,
    input: ControlInput,
  ): Promise<'accepted' | 'not_found' | Refusal>
  /** Whether what a step asks for, in the chain in which it is, is a loop; null where it is not. */
  judge(
    organizationId: OrganizationId,
    asked: { executionId: ExecutionId; workflowId: WorkflowId; cause: Chain },
  ): Promise<Loop | null>
  /** A new generation of a failed execution, from its failed steps on. `cause`: the chain of the step that asks for it. */
  redrive(
    organizationId: OrganizationId,
    id: ExecutionId,
    by: string,
    edits?: ExecutionEdits,
    cause?: Chain,
  ): Promise<RedriveAnswer>
  /** Begins a fork from its journal, or keeps the record of one that was played to its end. Twice is once. */
  beginFork(fork: ForkStart): Promise<void>
  /** Has an execution that waits go on with another version of its workflow; with `preview`, says whether it could. */
  migrate(organizationId: OrganizationId, id: ExecutionId, wish: MigrationWish): Promise<MigrationAnswer>
  /** Gives back what had left an inbox undone. Resolves when it is durable; throws `service.unavailable`. */
  redeliver(organizationId: OrganizationId, letter: LostLetter): Promise<void>
  /** The socket that carries `LiveMessage`s of one execution. `request` is the upgrade; the caller is already admitted. */
  openSocket(organizationId: OrganizationId, id: ExecutionId, request: Request): Promise<Response>
  /**
   * Tells every place that remembers which workflows listen to what that this changed. When it has resolved, no
   * execution starts by the old routes.
   */
  routesChanged(organizationId: OrganizationId): Promise<void>
}
