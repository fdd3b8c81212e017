// execution-object
//
// One execution, for as long as it outlives a request: what may be asked of it and by whom. What goes on in it is the
// loop's (`execution/execution-loop.ts`, X1-X4).

import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../env.ts'
import type { OrganizationId } from '../../contract/id.ts'
import type { ControlInput } from '../../engine/control/control.ts'
import type { Invocation } from '../../engine/effect.ts'
import type { Refusal } from '../../engine/control/may-control.ts'
import type { BallotAnswer } from '../../usecases/approvals/ports.ts'
import type { MigrationAnswer, MigrationWish, RedriveAnswer } from '../../usecases/ports.ts'
import { newsIn } from './children.ts'
import { ExecutionLoop } from './execution-loop.ts'
import { childEnded, decide, hear, hearGate, release } from './signals.ts'
import { cancel, control, migrate, redirect, redrive, type Taken } from './interventions.ts'
import { journalTable } from './journal-table.ts'
import { liveView } from './live-view.ts'
import { openSocket } from './sockets.ts'
import type { Settled, WaitFor } from './settled.ts'
import { isolateOf } from '../isolate.ts'
import { organizationOf } from '../names.ts'
import type { PerformResult } from '../calls/perform-invocation.ts'

export class ExecutionObject extends DurableObject<Env> {
  readonly #loop = new ExecutionLoop({
    env: this.env,
    ctx: this.ctx,
    journal: journalTable(this.ctx.storage.sql),
    now: () => Date.now(),
  })

  /**
   * Begins the execution, unless it has begun before. `init` is JSON text of an `ExecutionInit`. With `wait`, resolves
   * when what is waited for is there or the time is over; without, as soon as the beginning is durable. `isNew`: this
   * call began it.
   */
  start(organizationId: OrganizationId, init: string, wait?: WaitFor): Promise<Settled & { isNew: boolean }> {
    this.#admitCaller(organizationId)
    return this.#loop.start(init, wait ?? { until: 'now' })
  }

  /**
   * What came of a call that was under way when the execution was started: JSON text of an `Invocation` and a
   * `PerformResult`, by who makes it. What is not awaited any more changes nothing.
   */
  callEnded(organizationId: OrganizationId, invocation: string, result: string): Promise<void> {
    this.#admitCaller(organizationId)
    return this.#loop.callEnded(JSON.parse(invocation) as Invocation, JSON.parse(result) as PerformResult)
  }

  /** Where the execution stands, as soon as what is waited for is there or the time is over. */
  wait(organizationId: OrganizationId, wait: WaitFor): Promise<Settled> {
    this.#admitCaller(organizationId)
    return this.#loop.wait(wait)
  }

  /** Whether it has begun, and is not forgotten yet. */
  isThere(organizationId: OrganizationId): boolean {
    this.#admitCaller(organizationId)
    return this.#loop.load() !== undefined
  }

  /** Where the execution stands, for who called it and may not start it again. */
  lookUp(organizationId: OrganizationId): Promise<Settled> {
    this.#admitCaller(organizationId)
    return this.#loop.lookUp()
  }

  /** The whole execution as JSON text of the contract's `Execution`; undefined when there is none. */
  view(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const live = this.#loop.load()
    return live === undefined ? undefined : JSON.stringify(live.view())
  }

  /** JSON text of what finds its place at the gate at which it waits; undefined when it waits at none. */
  waitsAt(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const { workflowId, generation, queue } = this.#loop.load()?.view() ?? {}
    return queue === undefined ? undefined : JSON.stringify({ workflowId, generation, queue })
  }

  /** Its journal as JSON text; undefined when there is none here. */
  journal(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const live = this.#loop.load()
    return live === undefined ? undefined : JSON.stringify(live.journal.after(0))
  }

  /** How it ended, as JSON text of a `ChildNews`; undefined while it goes on, and when there is none here. */
  news(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const live = this.#loop.load()
    const news = live === undefined ? undefined : newsIn(live.header.executionId, live.state)
    return news === undefined ? undefined : JSON.stringify(news)
  }

  /** Commits the cancellation before it answers. */
  cancel(organizationId: OrganizationId, by: string, reason: string): Promise<Taken> {
    this.#admitCaller(organizationId)
    return cancel(this.#loop, by, reason)
  }

  /** Gives up whatever is going on and goes on at a node, committed before it answers. The same `key` does it once. */
  redirect(organizationId: OrganizationId, by: string, node: string, reason: string, key?: string): Promise<Taken> {
    this.#admitCaller(organizationId)
    return redirect(this.#loop, { by, node, reason, ...(key !== undefined && { key }) })
  }

  /** Takes a hand in it, committed before it answers. */
  control(organizationId: OrganizationId, input: ControlInput): Promise<'accepted' | 'not_found' | Refusal> {
    this.#admitCaller(organizationId)
    return control(this.#loop, input)
  }

  /**
   * Goes on with another version of its workflow, committed before it answers; with `preview`, says whether it could.
   * What it is, and that it went on, are written in one.
   */
  migrate(organizationId: OrganizationId, wish: MigrationWish): Promise<MigrationAnswer> {
    this.#admitCaller(organizationId)
    return migrate(this.#loop, isolateOf(this.env).plans, organizationId, wish)
  }

  /**
   * A new generation. `init` is the execution as D1 has it, for one that has no storage here; `edits` JSON text of what is
   * to be different in it, `cause` of the chain of the step that asked for it.
   */
  async redrive(
    organizationId: OrganizationId,
    by: string,
    init: string | undefined,
    edits?: string,
    cause?: string,
  ): Promise<RedriveAnswer> {
    this.#admitCaller(organizationId)
    const gates = await isolateOf(this.env).sharedGates.listFor(organizationId)
    return redrive(this.#loop, { by, init, edits, cause, gates })
  }

  /** A message of a gate (JSON text of a `GateMessage`) to one generation. `gone`: that is over, or never was. */
  hearGate(organizationId: OrganizationId, generation: number, message: string): Promise<'here' | 'gone'> {
    this.#admitCaller(organizationId)
    return hearGate(this.#loop, generation, message)
  }

  /** A child has ended: `news` is JSON text of a `ChildNews`. One that is not awaited changes nothing. */
  childEnded(organizationId: OrganizationId, key: string, news: string): Promise<void> {
    this.#admitCaller(organizationId)
    return childEnded(this.#loop, key, news)
  }

  /**
   * Brings an event (JSON text of a `Heard`) to a step that waits for one. `passed`: it is not the one; `gone`: the step
   * does not wait any more.
   */
  hear(organizationId: OrganizationId, path: string, event: string): Promise<'taken' | 'passed' | 'gone'> {
    this.#admitCaller(organizationId)
    return hear(this.#loop, path, event)
  }

  /** The paths of the steps that wait for events. */
  listensAt(organizationId: OrganizationId): string[] {
    this.#admitCaller(organizationId)
    return (this.#loop.load()?.outstanding.listening ?? []).map(({ path }) => path)
  }

  /**
   * Takes a person's decision (JSON text of a `Ballot` but for the execution). The first of a person counts, and is
   * durable when this resolves; whatever is wrong with it changes nothing.
   */
  decide(organizationId: OrganizationId, ballot: string): Promise<BallotAnswer> {
    this.#admitCaller(organizationId)
    return decide(this.#loop, ballot)
  }

  /** Calls that `holder` held back may be made now. */
  release(organizationId: OrganizationId, holder: string): Promise<void> {
    this.#admitCaller(organizationId)
    return release(this.#loop, holder)
  }

  /** Looks whether something should have moved by now. For the sweeper. */
  poke(organizationId: OrganizationId): Promise<void> {
    this.#admitCaller(organizationId)
    return this.#loop.look()
  }

  /**
   * Erases a finished execution, when D1 has it as of this turn. False when it went on since, or somebody is still to be
   * notified of its end.
   */
  erase(organizationId: OrganizationId, asOf: { generation: number; seq: number }): Promise<boolean> {
    this.#admitCaller(organizationId)
    return this.#loop.erase(asOf)
  }

  /** An upgrade to a socket of `LiveMessage`s. The caller has been admitted before the request is forwarded here. */
  override async fetch(request: Request): Promise<Response> {
    const live = this.#loop.load()
    return openSocket(this.ctx, request, live === undefined ? undefined : await liveView(this.env, live))
  }

  override alarm(): Promise<void> {
    return this.#loop.ring()
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('execution of another organization')
  }
}
