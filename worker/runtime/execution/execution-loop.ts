// execution-loop
//
// What goes on in the object of one execution: a turn, its effects, the next alarm, the record, the notifications. It knows
// storage and time, and decides nothing: every decision is the engine's `advance`.
//
//   X1. A turn is committed (one row) before anything it asks for is done.
//   X2. What is outstanding follows from state. A fresh process folds the journal (from `snapshots.ts` on), reports the
//       attempts that it does not have in flight as lost, and performs what is outstanding: recovery is not a path of its own.
//   X4. Looking at an execution that has no storage stores nothing.
//   X5. The record of a called execution lies in an inbox before its caller learns that it began, or that it ended: until
//       then the caller would start it again, from then on the sweeper finds it. The same holds for input from outside: its
//       result is recorded before its sender is answered, because a sender that has its answer does not send again.
//
// X3 stands with the alarm it speaks of (`alarm.ts`).

import type { Json } from '../../contract/json.ts'
import { advance } from '../../engine/advance.ts'
import type { Invocation, Outstanding } from '../../engine/effect.ts'
import type { Input } from '../../engine/input.ts'
import type { IsInFlight } from '../../engine/turn.ts'
import type { Env } from '../../env.ts'
import { isolateOf } from '../isolate.ts'
import type { PerformResult } from '../calls/perform-invocation.ts'
import type { ReadyVersion } from '../plans.ts'
import { alarmFacts } from './alarm-facts.ts'
import { Alarm } from './alarm.ts'
import { contactNow } from './contact-now.ts'
import { Effects } from './effects.ts'
import type { ExecutionInit, JournalTable } from './journal-table.ts'
import type { LiveExecution } from './live-execution.ts'
import { migratedTo } from './migrate-live.ts'
import { nextAlarm, type AlarmFacts } from './next-alarm.ts'
import { Recorder } from './recorder.ts'
import { SharedPlaces } from './shared-places.ts'
import { liveView } from './live-view.ts'
import type { Settled, WaitFor } from './settled.ts'
import { keepSnapshot } from './snapshots.ts'
import { broadcast } from './sockets.ts'
import { WaitingCallers } from './waiting-callers.ts'
import { foldLive, wakeLive } from './wake-live.ts'
import { Notifications } from './notifications.ts'

/** With what a loop works: the object it goes on in. */
export interface LoopParts {
  env: Env
  ctx: DurableObjectState
  journal: JournalTable
  /** Epoch ms. */
  now(): number
}

export class ExecutionLoop {
  /** Notifies its parent, its contact, its gates and approvers. */
  readonly notifications: Notifications
  readonly #env: Env
  readonly #ctx: DurableObjectState
  readonly #journal: JournalTable
  readonly #now: () => number
  readonly #alarm: Alarm
  readonly #effects: Effects
  readonly #recorder: Recorder
  readonly #sharedPlaces: SharedPlaces
  readonly #callers = new WaitingCallers()
  #live: LiveExecution | undefined
  /** The `ExecutionInit` (JSON text) of a restored execution, which is stored with its next turn. */
  #unstored: string | undefined

  constructor({ env, ctx, journal, now }: LoopParts) {
    this.#env = env
    this.#ctx = ctx
    this.#journal = journal
    this.#now = now
    this.#alarm = new Alarm({ ctx, now, look: () => this.#lookSafely() })
    this.#effects = new Effects({ env, ctx, alarm: this.#alarm, turns: this, now })
    this.#recorder = new Recorder({
      env,
      arm: (live) => this.#alarm.arm(nextAlarm(this.#facts(live))),
      armAnew: (live) => this.#alarm.rest(nextAlarm(this.#facts(live))),
    })
    this.#sharedPlaces = new SharedPlaces(env, now)
    this.notifications = new Notifications(env, this.#alarm)
  }

  /** The execution as this process has it; undefined when it has not read it yet. */
  get live(): LiveExecution | undefined {
    return this.#live
  }

  /** Begins it, unless it has begun before; `isNew`: this did. `init` is JSON text of an `ExecutionInit`. */
  async start(init: string, wait: WaitFor): Promise<Settled & { isNew: boolean }> {
    const isNew = this.#live === undefined && this.#journal.begin(init)
    if (isNew) {
      const given = JSON.parse(init) as ExecutionInit
      const live = this.#take(given)
      this.#recorder.isBacked = live.header.inbox !== undefined
      this.#effects.leave(underWay(given, live.outstanding))
      // The clock of what was played so far may be long ago, but what that asks for begins now: no turn may take it for lost.
      if (given.calls !== 'lost') this.#effects.perform(live, live.outstanding)
      const moved = await this.report(firstInput(given))
      if (!moved) this.#tell(live)
    } else if (!this.#recorder.hasHandedOver()) {
      // The inbox forgets the event once this call is answered, so from then on this object must hand the record over.
      this.#alarm.arm(this.#now())
    }
    await this.#handOverForCaller()
    return { ...(await this.wait(wait)), isNew }
  }

  /**
   * Takes in an execution that is over as it was kept elsewhere; `init` is JSON text of an `ExecutionInit`. It is stored with
   * its next turn, and not before: nobody comes to erase what has not gone on.
   */
  restore(init: string): void {
    this.#take(JSON.parse(init) as ExecutionInit)
    this.#unstored = init
  }

  /** An execution as it was kept elsewhere, to be looked at. `init` is JSON text of an `ExecutionInit`. */
  preview(init: string): LiveExecution {
    return foldLive(this.#env, JSON.parse(init) as ExecutionInit)
  }

  /** Where a called execution stands that must not be started again. Answered once it is on its way to D1 (X5). */
  async lookUp(): Promise<Settled> {
    await this.#handOverForCaller()
    return this.wait({ until: 'now' })
  }

  /** The result of a call that was under way when this object was started, from whoever makes it. */
  async callEnded(invocation: Invocation, result: PerformResult): Promise<void> {
    await this.#effects.callEnded(invocation, result)
  }

  /** Where it stands, as soon as what is waited for is there or the time is over. */
  async wait(wait: WaitFor): Promise<Settled> {
    const live = this.load()
    return live === undefined ? { status: 'unknown' } : this.#callers.wait(live, wait)
  }

  /** The execution, folded from its snapshot and journal when this process does not have it yet (X2). */
  load(): LiveExecution | undefined {
    if (this.#live !== undefined) return this.#live
    const kept = this.#journal.read()
    if (kept === undefined) return undefined
    const live = wakeLive(this.#env, this.#journal, kept)
    this.#live = live
    if (live.state.startedAt === null) this.turn(firstInput(kept.init))
    // In one turn: told of them one by one, the engine would ask in between for calls that are lost too.
    if (live.outstanding.invocations.length > 0) this.turn({ type: 'recover' })
    return live
  }

  /** The contact for the next turn, where its plan reads it. Rejects when that cannot be had. */
  contactNow(): Promise<Json> | undefined {
    const live = this.load()
    return live === undefined ? undefined : contactNow(this.#env, live)
  }

  /**
   * A turn for an input that is not sent again. Where the contact cannot be read now, the input is recorded all the same,
   * and decided about once it can be.
   */
  async report(input: Input): Promise<boolean> {
    const asked = this.contactNow()
    if (asked === undefined) return this.turn(input)
    const contact = await asked.catch((error: unknown) => {
      console.error({ message: 'contact not read', execution: this.#ctx.id.name, error: String(error) })
      return undefined
    })
    return this.turn(input, contact)
  }

  /** One turn: decide, commit, then perform. Whether anything happened. */
  turn(input: Input, contact?: Json): boolean {
    const live = this.load()
    if (live === undefined) return false
    let moved = false
    try {
      const { plan, state, identity } = live
      const isInFlight: IsInFlight = (path, attempt) => this.#effects.isInFlight(live, path, attempt)
      const { entry, outstanding } = advance({ plan, state, identity, contact, isInFlight }, input, this.#now())
      moved = entry !== null
      live.outstanding = outstanding
      if (entry !== null) {
        if (this.#unstored !== undefined) this.#journal.begin(this.#unstored)
        this.#unstored = undefined
        this.#journal.append(entry)
        live.journal.add(entry)
        keepSnapshot(this.#journal, live, isolateOf(this.#env).snapshotRule)
        this.#effects.keepResults(live, entry)
      }
    } catch (error) {
      // The state may be ahead of the journal: forget it, and fold what was committed.
      this.#live = undefined
      this.#unstored = undefined
      throw error
    }
    if (input.type === 'passGate' && moved) this.#sharedPlaces.admit()
    this.#effects.perform(live, live.outstanding)
    // A finished execution that is backed needs no alarm before its record is handed over.
    const facts = this.#facts(live)
    if (!(facts.backed && facts.finishedAt !== null)) this.#alarm.arm(nextAlarm(facts))
    if (moved) this.#tell(live, input.type === 'passGate')
    return moved
  }

  /**
   * Hands the record over as of now (X5), or waits for the hand-over that is under way. False when it failed: then only the
   * alarm tries again. Costs nothing when the record was handed over already.
   */
  async handOver(): Promise<boolean> {
    const live = this.load()
    // An inbox still has the event of an execution that is backed, and would begin it again.
    if (live === undefined || this.#recorder.isBacked || this.#recorder.isHandedOver(live)) return true
    const { generation, seq } = live.state
    await this.#recorder.handOver(live)
    return this.#recorder.isHandedOver(live) || live.state.seq > seq || live.state.generation > generation
  }

  /** Goes on with another version: what it is, and the turn that says that it went on, are written in one. */
  migrate(live: LiveExecution, to: ReadyVersion, by: string): void {
    try {
      this.#ctx.storage.transactionSync(() => {
        this.#live = migratedTo(live, to)
        this.#journal.rehead(this.#live.header)
        this.turn({ type: 'migrate', by, from: live.header.version, to: to.version })
      })
    } catch (error) {
      this.#live = undefined
      throw error
    }
  }

  /** The alarm rings. Never rejects; resolves when the calls that it stands behind are over. */
  async ring(): Promise<void> {
    const over = this.#alarm.ring()
    await this.#lookSafely()
    if (this.#live === undefined) this.#alarm.endRing()
    await over
  }

  /** Looks whether something should have moved by now. */
  async look(): Promise<void> {
    const contact = await this.contactNow()
    const live = this.load()
    if (live === undefined) return
    this.#effects.askGateAgain()
    if (this.turn({ type: 'wake' }, contact)) return
    // The record was not handed over, or a process before this one did so: handing it over twice does no harm.
    if (!this.#recorder.isHandedOver(live)) await this.#recorder.handOver(live)
    await this.notifications.tellApprovals(live)
    await this.#tellParent(live)
    await this.notifications.tellContact(live)
    await this.notifications.tellGates(live)
    const watched = live.outstanding.children.filter(({ want }) => want === 'watch')
    await Promise.all(watched.map((order) => this.#effects.lookAfter(live, order)))
    this.#alarm.rest(nextAlarm(this.#facts(live)))
  }

  /**
   * Erases an execution that finished as of this turn. False when it went on since, or somebody is still to be notified.
   */
  async erase({ generation, seq }: { generation: number; seq: number }): Promise<boolean> {
    const live = this.load()
    if (live === undefined) return true
    // A process that was woken for this has performed nothing yet, and there may be no alarm to do so.
    await Promise.all(live.outstanding.children.map((order) => this.#effects.lookAfter(live, order)))
    await this.notifications.tellParent(live)
    await this.notifications.tellContact(live)
    await this.notifications.tellGates(live)
    await this.notifications.tellApprovals(live)
    const { state } = live
    if (state.generation !== generation || state.seq !== seq) {
      // The sweeper acts on an older record, and the newer one may have been lost.
      await this.handOver()
      return false
    }
    if (state.finished === null || this.notifications.arePending(live)) return false
    this.#live = undefined
    this.#unstored = undefined
    await this.#ctx.storage.deleteAll()
    return true
  }

  /** Never rejects. */
  async #lookSafely(): Promise<void> {
    try {
      await this.look()
    } catch (error) {
      console.error({ message: 'execution could not be looked at', execution: this.#ctx.id.name, error: String(error) })
      this.#alarm.mend()
    }
  }

  #take(init: ExecutionInit): LiveExecution {
    this.#live = foldLive(this.#env, init)
    return this.#live
  }

  /** `wasQueued`: it was shown as queued until now. */
  #tell(live: LiveExecution, wasQueued = false): void {
    this.#callers.settle(live)
    broadcast(this.#ctx, () => liveView(this.#env, live))
    // A waiting or finished execution is recorded at once; a busy one when it is looked at again.
    const isRecorded = wasQueued || live.outstanding.invocations.length === 0
    const recorded = isRecorded ? this.#recorder.handOver(live) : undefined
    if (recorded !== undefined) this.#ctx.waitUntil(recorded)
    this.#ctx.waitUntil(this.notifications.tellApprovals(live))
    const kept = this.#sharedPlaces.keep(() => this.#live)
    if (kept !== undefined) this.#ctx.waitUntil(kept)
    if (live.state.finished === null) return
    if (live.state.parent !== null && recorded !== undefined)
      this.#ctx.waitUntil(recorded.then(() => this.#tellParent(live)))
    this.#ctx.waitUntil(this.notifications.tellContact(live))
    this.#ctx.waitUntil(this.notifications.tellGates(live))
  }

  /** Hands the first record of a called execution over before its caller is answered (X5). Rejects when that failed. */
  async #handOverForCaller(): Promise<void> {
    const live = this.load()
    if (live === undefined || live.state.parent === null || this.#recorder.hasHandedOver()) return
    await this.#recorder.handOver(live)
    if (!this.#recorder.hasHandedOver()) throw new Error('nobody would look for this execution yet')
  }

  async #tellParent(live: LiveExecution): Promise<void> {
    if (this.#recorder.isHandedOver(live)) await this.notifications.tellParent(live)
  }

  #facts(live: LiveExecution): AlarmFacts {
    const now = this.#now()
    return alarmFacts(live, {
      now,
      backed: this.#recorder.isBacked || this.#alarm.isRinging(now),
      // A finished execution is looked at until nobody is left to notify.
      recorded:
        this.#recorder.isHandedOver(live) && !(live.state.finished !== null && this.notifications.arePending(live)),
    })
  }
}

/** The calls that somebody else is making. */
function underWay({ calls = 'lost' }: ExecutionInit, { invocations }: Outstanding): Invocation[] {
  return calls === 'lost' ? [] : invocations.filter(({ key }) => calls.underWay.includes(key))
}

/** With what an execution goes on in its object: from its first turn, or from what has been played of it. */
function firstInput({ begin, calls }: ExecutionInit): Input {
  if (begin !== undefined) return { type: 'start', ...begin }
  return { type: calls === 'lost' ? 'recover' : 'wake' }
}
