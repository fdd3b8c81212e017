import { loopIn, type Loop } from '../../worker/causality/loop.ts'
import type { Chain } from '../../worker/contract/cause.ts'
import type { Execution } from '../../worker/contract/execution.ts'
import type { ExecutionId, OrganizationId, UserId, WorkflowId } from '../../worker/contract/id.ts'
import type { AcceptedEvent, EventRequest } from '../../worker/contract/trigger.ts'
import type { ControlInput } from '../../worker/engine/control/control.ts'
import type { Refusal } from '../../worker/engine/control/may-control.ts'
import type { ExecutionEdits } from '../../worker/contract/fork.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import type { Misfit } from '../../worker/engine/migrate/misfits.ts'
import { appError } from '../../worker/lib/app-error.ts'
import { canonicalJson } from '../../worker/lib/canonical-json.ts'
import { newId } from '../../worker/lib/id.ts'
import type {
  ExecutionRuntime,
  ForkStart,
  LostLetter,
  MigrationAnswer,
  MigrationWish,
  RealCall,
  RedriveAnswer,
  StartRequest,
  Started,
} from '../../worker/usecases/ports.ts'

/** A runtime that starts nothing and remembers everything it was asked for. */
export class FakeRuntime implements ExecutionRuntime {
  readonly starts: StartRequest[] = []
  readonly events: { organizationId: OrganizationId; event: EventRequest; sender: UserId | undefined }[] = []
  readonly calls: RealCall[] = []
  readonly cancelled: ExecutionId[] = []
  readonly controlled: ({ id: ExecutionId } & ControlInput)[] = []
  readonly redriven: ExecutionId[] = []
  readonly editedBy = new Map<ExecutionId, ExecutionEdits>()
  /** The chains in which executions were tried again. */
  readonly redrivenIn = new Map<ExecutionId, Chain>()
  readonly forks: ForkStart[] = []
  readonly migrated = new Set<ExecutionId>()
  readonly misfits = new Map<ExecutionId, Misfit>()
  readonly redelivered: { organizationId: OrganizationId; letter: LostLetter }[] = []
  readonly routesChangedFor: OrganizationId[] = []
  /** Executions that are alive, by `organization/id`. */
  readonly live = new Map<string, Execution>()
  readonly #byKey = new Map<string, { input: string; started: Started }>()

  async start(request: StartRequest): Promise<Started> {
    const { organizationId, workflowId, idempotencyKey } = request
    const input = canonicalJson([request.versionId, request.trigger])
    const name = `${organizationId}/${workflowId}/${idempotencyKey ?? crypto.randomUUID()}`
    const known = this.#byKey.get(name)
    if (known !== undefined) {
      if (known.input !== input) throw appError('hook.conflict')
      return { ...known.started, duplicate: true }
    }
    const started: Started = { eventId: newId('event'), executionId: newId('execution'), duplicate: false }
    this.#byKey.set(name, { input, started })
    this.starts.push(request)
    return started
  }

  async perform(call: RealCall): ReturnType<ExecutionRuntime['perform']> {
    this.calls.push(call)
    return { ok: true, outcome: { output: { real: this.calls.length }, port: 'out' } }
  }

  async emit(
    organizationId: OrganizationId,
    event: EventRequest,
    { sender }: { sender?: UserId } = {},
  ): Promise<AcceptedEvent> {
    this.events.push({ organizationId, event, sender })
    return { eventId: newId('event'), executionIds: [], duplicate: false }
  }

  async findLive(organizationId: OrganizationId, id: ExecutionId): Promise<Execution | undefined> {
    return this.live.get(`${organizationId}/${id}`)
  }

  async listSharedGates(): ReturnType<ExecutionRuntime['listSharedGates']> {
    return []
  }

  async findQueuePlaces(): ReturnType<ExecutionRuntime['findQueuePlaces']> {
    return new Map()
  }

  async findJournal(organizationId: OrganizationId, id: ExecutionId): Promise<JournalEntry[] | undefined> {
    return this.live.has(`${organizationId}/${id}`) ? [] : undefined
  }

  async cancel(organizationId: OrganizationId, id: ExecutionId): Promise<'accepted' | 'not_found'> {
    if (!this.live.has(`${organizationId}/${id}`)) return 'not_found'
    this.cancelled.push(id)
    return 'accepted'
  }

  async control(
    organizationId: OrganizationId,
    id: ExecutionId,
    input: ControlInput,
  ): Promise<'accepted' | 'not_found' | Refusal> {
    const live = this.live.get(`${organizationId}/${id}`)
    if (live === undefined) return 'not_found'
    this.controlled.push({ id, ...input })
    return 'accepted'
  }

  async beginFork(fork: ForkStart): Promise<void> {
    this.forks.push(fork)
  }

  async migrate(_: OrganizationId, id: ExecutionId, wish: MigrationWish): Promise<MigrationAnswer> {
    const misfit = this.misfits.get(id)
    if (misfit !== undefined) return { kind: 'misfit', waitsAt: ['nap'], misfits: [misfit] }
    if (wish.preview) return { kind: 'movable', waitsAt: ['nap'] }
    if (this.migrated.has(id)) return { kind: 'already' }
    this.migrated.add(id)
    return { kind: 'moved' }
  }

  async judge(
    _: OrganizationId,
    { workflowId, cause }: { workflowId: WorkflowId; cause: Chain },
  ): Promise<Loop | null> {
    return loopIn(cause, workflowId)
  }

  async redrive(
    organizationId: OrganizationId,
    id: ExecutionId,
    _by: string,
    edits?: ExecutionEdits,
    cause?: Chain,
  ): Promise<RedriveAnswer> {
    if (!this.live.has(`${organizationId}/${id}`)) return 'not_found'
    this.redriven.push(id)
    if (edits !== undefined) this.editedBy.set(id, edits)
    if (cause !== undefined) this.redrivenIn.set(id, cause)
    return 'accepted'
  }

  async redeliver(organizationId: OrganizationId, letter: LostLetter): Promise<void> {
    this.redelivered.push({ organizationId, letter })
  }

  async openSocket(): Promise<Response> {
    const [client, server] = Object.values(new WebSocketPair())
    server!.accept()
    return new Response(null, { status: 101, webSocket: client! })
  }

  async routesChanged(organizationId: OrganizationId): Promise<void> {
    this.routesChangedFor.push(organizationId)
  }
}
