// play-calls
//
// An execution that only makes calls, and whose caller waits for its end, needs no object while its calls are quick: it is
// played where its event arrived, and the turns that were played lie in the inbox in place of the event.
//
//   K1. The event is durable before the first call, and says that calls may have been made. If this process dies, a consumer
//       goes on: it takes these calls for lost and makes them again under the same keys.
//   K2. The result of a call is durable, in place of the event, before the calls that follow from it are made.
//   K3. Whatever else is left to do, or takes longer than `patienceMs`, goes on in the execution's object. Calls that are
//       under way then report their results there.
//   K4. The inbox decides: where a consumer has taken the event meanwhile, the execution's object is the truth, and what was
//       played here is dropped.

import { waitUntil } from 'cloudflare:workers'
import type { Env } from '../../env.ts'
import { advance } from '../../engine/advance.ts'
import type { Invocation, Outstanding } from '../../engine/effect.ts'
import type { Plan } from '../../engine/plan.ts'
import { inProduction } from '../../engine/turn.ts'
import { rowText } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import type { Begun } from './begin-execution.ts'
import { Calls, callToolsOf, reportOf } from '../calls/calls.ts'
import type { ExecutionInit } from '../execution/journal-table.ts'
import { toRecord } from '../records/to-record.ts'
import { toSettled, type Settled, type WaitFor } from '../execution/settled.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { mostKeptCharacters } from '../records/hand-over-record.ts'
import type { PendingKind } from '../inbox/inbox-table.ts'
import { isolateOf } from '../isolate.ts'
import type { PerformResult } from '../calls/perform-invocation.ts'

/** How long an execution is played without an object, in ms. */
const patienceMs = 1_000

/** A call that may take longer is not made by a request: those are not kept alive for as long as an object. */
const mostTimeoutMs = 30_000

type Open = Extract<Begun, { kind: 'open' }>
type Waiting = Exclude<WaitFor, { until: 'now' }>

/** The event of an execution that is played here: as it lies in its inbox, and where. */
export interface PlayedEvent {
  trigger: AcceptedTrigger
  shard: number
  number: number
}

/** Whether all that is left to do now are calls that may be made where the event arrived. */
export function mayPlayCalls({ init, plan, state, outstanding }: Open, { until }: Waiting): boolean {
  if (until === 'responded' && state.response !== null) return false
  if (init.header.enrolled !== undefined || plan.contactReads !== null) return false
  return isPlayable(plan, outstanding, init.header.acceptedAt)
}

/** Whether nothing is left at this instant but calls that a request may make. */
function isPlayable(
  plan: Plan,
  { invocations, children, listening, recalls, gate, wakeAt }: Outstanding,
  now: number,
): boolean {
  return (
    invocations.length > 0 &&
    children.length === 0 &&
    listening === undefined &&
    recalls === undefined &&
    gate === undefined &&
    (wakeAt === null || wakeAt > now) &&
    invocations.every(
      ({ node, timeoutMs }) => timeoutMs <= mostTimeoutMs && plan.nodes.get(node)?.onAmbiguous === 'retry',
    )
  )
}

/** The event as it lies in an inbox while its calls are made here (K1). */
export function asPlayed(trigger: AcceptedTrigger, { init: { header }, state }: Open): AcceptedTrigger {
  const played = { entries: [] }
  if (trigger.source.kind === 'start' || state.trigger === null) return { ...trigger, played }
  // The execution stays with the version that makes the calls, whatever is published or paused meanwhile.
  const { workflow, version } = header
  const { nodeId } = state.trigger
  const start = { workflowId: workflow.id, versionId: version.id, nodeId }
  return { ...trigger, source: { kind: 'start', ...start, triggerKind: 'webhook' }, played }
}

/**
 * Plays an execution whose event lies in an inbox, as `asPlayed` has it. Resolves when what is waited for is there, and
 * durable. Goes on when the caller hangs up.
 */
export function playCalls(env: Env, begun: Open, event: PlayedEvent, wait: Waiting): Promise<Settled> {
  const settled = new Playing(env, begun, event, wait).play()
  waitUntil(settled.catch(() => undefined))
  return settled
}

class Playing {
  readonly #env: Env
  readonly #begun: Open
  readonly #event: PlayedEvent
  readonly #wait: Waiting
  readonly #since = Date.now()
  readonly #calls = new Calls()
  /** Resolves when there is no more to be played here. */
  readonly #over = Promise.withResolvers<void>()
  #outstanding: Outstanding
  /** Resolves when the execution has its object. */
  #object: Promise<unknown> | undefined

  constructor(env: Env, begun: Open, event: PlayedEvent, wait: Waiting) {
    this.#env = env
    this.#begun = begun
    this.#event = event
    this.#wait = wait
    this.#outstanding = begun.outstanding
  }

  async play(): Promise<Settled> {
    const timer = setTimeout(this.#over.resolve, patienceMs)
    this.#call(this.#outstanding.invocations)
    await this.#over.promise
    clearTimeout(timer)
    const { state } = this.#begun
    if (state.finished !== null && (await this.#keepRecord())) return toSettled(state)
    return this.#goOn()
  }

  #call(invocations: readonly Invocation[]): void {
    const tools = callToolsOf(this.#env, () => Promise.resolve())
    for (const invocation of invocations) {
      const report = (result: PerformResult) => this.#report(invocation, result)
      const call = this.#calls.begin(this.#begun.init.header, invocation, tools, report)
      if (call !== undefined) waitUntil(call.catch(() => undefined))
    }
  }

  async #report(invocation: Invocation, result: PerformResult): Promise<void> {
    if (this.#object !== undefined) return this.#bring(invocation, result)
    const { init, plan, state } = this.#begun
    const identity = inProduction(init.header.executionId)
    const { entry, outstanding } = advance({ plan, state, identity }, reportOf(invocation, result), Date.now())
    if (entry !== null) init.entries.push(entry)
    this.#outstanding = outstanding
    this.#calls.keep(outstanding.invocations)
    if (this.#isOver()) return this.#over.resolve()

    const next = outstanding.invocations.filter((each) => !this.#calls.isUnderWay(each))
    if (next.length === 0) return
    if (!(await this.#keepPlayed())) return this.#over.resolve()
    // Those of `next` that are still outstanding: another result may have come while they were stored.
    if (this.#object === undefined && !this.#isOver()) this.#call(next.filter((each) => this.#isAskedFor(each)))
  }

  #isOver(): boolean {
    const isAnswered = this.#wait.until === 'responded' && this.#begun.state.response !== null
    return isAnswered || !isPlayable(this.#begun.plan, this.#outstanding, Date.now())
  }

  #isAskedFor({ key }: Invocation): boolean {
    return this.#outstanding.invocations.some((asked) => asked.key === key)
  }

  /** Puts the turns that were played in place of the event (K2). False where the inbox did not take them (K4). */
  #keepPlayed(): Promise<boolean> {
    const played = { entries: this.#begun.init.entries }
    return this.#replace('trigger', JSON.stringify({ ...this.#event.trigger, played }))
  }

  /** Puts the record of the finished execution in place of the event. False where the inbox did not take it (K4). */
  async #keepRecord(): Promise<boolean> {
    if (this.#outstanding.children.length > 0) return false
    const { init, state } = this.#begun
    return this.#replace('records', rowText(toRecord(init.header, init.entries, state, null)))
  }

  /** Never rejects. */
  async #replace(kind: PendingKind, text: string): Promise<boolean> {
    const { shard, number } = this.#event
    const { init, state } = this.#begun
    const { organizationId } = init.header
    if (text.length > mostKeptCharacters) return false
    try {
      const row = { number, kind, text, seq: state.seq }
      return await isolateOf(this.#env).acceptor.replace(organizationId, shard, row)
    } catch (error) {
      console.error({ message: 'inbox did not take what was played', organizationId, shard, error: String(error) })
      return false
    }
  }

  /** The execution goes on in its object (K3). */
  async #goOn(): Promise<Settled> {
    const { header, ...played } = this.#begun.init
    const { organizationId, executionId } = header
    const { shard, number: ends } = this.#event
    const asked = this.#outstanding.invocations
    const underWay = asked.filter((each) => this.#calls.isUnderWay(each)).map(({ key }) => key)
    const init: ExecutionInit = {
      ...played,
      header: { ...header, inbox: { shard, ends } },
      ...(underWay.length > 0 && { calls: { underWay } }),
    }
    const starting = executionOf(this.#env, organizationId, executionId).start(organizationId, JSON.stringify(init))
    this.#object = starting
    await starting
    const timeoutMs = Math.max(0, this.#wait.timeoutMs - (Date.now() - this.#since))
    return executionOf(this.#env, organizationId, executionId).wait(organizationId, { ...this.#wait, timeoutMs })
  }

  /** Reports the result of a call to the execution's object, which makes the call again should no report come. */
  async #bring(invocation: Invocation, result: PerformResult): Promise<void> {
    const { organizationId, executionId } = this.#begun.init.header
    try {
      await this.#object
      const object = executionOf(this.#env, organizationId, executionId)
      await object.callEnded(organizationId, JSON.stringify(invocation), JSON.stringify(result))
    } catch (error) {
      console.error({ message: 'result of a call not brought', execution: executionId, error: String(error) })
    }
  }
}
