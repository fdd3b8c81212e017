// execution-object
//
// One execution, for as long as it outlives a request. It knows storage, alarms, sockets and time, and decides nothing:
// every decision is the engine's `advance`.
//
//   X1. A turn is committed (one row) before anything it asks for is done.
//   X2. What is outstanding follows from state. A fresh process folds the journal, tells the engine which attempts it
//       does not have in flight, and does what is asked: recovery is not a path of its own.
//   X3. `alarm` never throws, and while there is something to wait for the object is armed, or somebody stands behind
//       it: the inbox, in which an event stays pending until its execution has handed over its first record, and which
//       would begin it again; or the alarm that rings, which is not over before the call that it began, and rings
//       again where its process dies.
//   X4. Looking at an execution that has no storage stores nothing.

import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import type { ExecutionEdits } from '../contract/fork.ts'
import { ExecutionId, type OrganizationId } from '../contract/id.ts'
import type { Json } from '../contract/json.ts'
import { advance } from '../engine/advance.ts'
import type { Heard } from '../engine/behaviour.ts'
import type { ControlInput } from '../engine/control/control.ts'
import { refusalOf, type Refusal } from '../engine/control/may-control.ts'
import type { ChildOrder, Invocation, Listening, Outstanding, Recall } from '../engine/effect.ts'
import type { GateRef, JournalEntry } from '../engine/event.ts'
import { fold } from '../engine/fold.ts'
import { editProblems } from '../engine/fork/edits.ts'
import type { Input } from '../engine/input.ts'
import { hasLeft } from './contact/begin-enrolled.ts'
import { askGate, leaveGates } from './gate/gates.ts'
import type { GateWord } from './gate/gate-word.ts'
import { canAsk, tellApprovals } from './approvals/tell-approvals.ts'
import { createContactActions, type ActingStep } from './contact/contact-actions.ts'
import { findResult, keepResult } from './execution/results.ts'
import { Calls } from './execution/calls.ts'
import { contactNow } from './execution/contact-now.ts'
import { Children, newsIn, type ChildNews } from './execution/children.ts'
import { journalTable, type ExecutionInit, type JournalTable } from './execution/journal-table.ts'
import { LiveExecution } from './execution/live-execution.ts'
import { judgeMigration, migratedTo } from './execution/migrate-live.ts'
import { lookAfterMs, nextAlarm, type AlarmFacts } from './execution/next-alarm.ts'
import { toRecord } from './execution/to-record.ts'
import { broadcast, openSocket } from './execution/sockets.ts'
import { Waiters, type Settled, type WaitFor } from './execution/waiters.ts'
import type { Ballot, BallotAnswer } from '../usecases/approvals/ports.ts'
import type { MigrationAnswer, MigrationWish, RedriveAnswer } from '../usecases/ports.ts'
import { rowText } from '../store/records.ts'
import { withKeys } from '../usecases/with-keys.ts'
import { unreachable } from '../lib/unreachable.ts'
import { executionOf } from './executions.ts'
import type { PerformResult } from './perform-invocation.ts'
import { isArmed } from './is-armed.ts'
import { isolateOf } from './isolate.ts'
import { inboxOf } from './inboxes.ts'
import { organizationOf, shardOf } from './names.ts'
import { listenFor } from './waiters/listen-for.ts'

/** One that waits at a gate asks again this much later, in ms, should its gate have forgotten it. */
const askAgainAfterMs = 600_000

/** A gate that could not be asked is asked again this much later, in ms. */
const askFailedAfterMs = 2_000

/** After an error of ours the object looks again this much later, in ms. */
const mendAfterMs = 30_000

/**
 * An alarm rings for as long as a call that it stands behind takes, but no longer than this, in ms: arming another one
 * writes to disk, and calls take long when the machine has no time for that.
 */
const ringMs = 60_000

export class ExecutionObject extends DurableObject<Env> {
  readonly #journal: JournalTable = journalTable(this.ctx.storage.sql)
  readonly #calls = new Calls()
  readonly #children = new Children(this.env)
  /** Results that are being looked up. */
  readonly #recalling = new Set<string>()
  readonly #waiters = new Waiters()
  /** Steps whose events this process has asked for. */
  readonly #listening = new Set<string>()
  #live: LiveExecution | undefined
  #armedAt: number | null | undefined
  /** The last turn whose record an inbox has taken over, as `generation.seq`. */
  #recorded = ''
  /** The last generation whose end its parent has been told. */
  #told = 0
  /** The contact that was let in by it knows that it is over. */
  #left = false
  /** The gate this process has asked to let it through, as `generation/gate`. */
  #asking = ''
  /** The last generation that gave back its places at gates. */
  #leftGates = 0
  /** The last turn as of which people have been shown what they are asked. */
  #asked = 0
  /** This process began the execution, and the event that did so is still pending in its inbox. */
  #backed = false
  /** The alarm that is ringing; the platform would ring it again if this process died before it is over. */
  #ringing: { until: number; over: PromiseWithResolvers<void> } | undefined
  /** Looks after a call for which no alarm is armed. */
  #watch: ReturnType<typeof setTimeout> | undefined

  /**
   * Begins the execution, unless it has begun before. `init` is JSON text of an `ExecutionInit`. With `wait`, resolves
   * when what is waited for is there or the time is over; without, as soon as the beginning is durable. `isNew`: this
   * call began it.
   */
  async start(organizationId: OrganizationId, init: string, wait?: WaitFor): Promise<Settled & { isNew: boolean }> {
    this.#admitCaller(organizationId)
    const isNew = this.#live === undefined && this.#journal.begin(init)
    if (isNew) {
      const given = JSON.parse(init) as ExecutionInit
      const live = this.#take(given)
      this.#backed = live.header.inbox !== undefined
      const moved = await this.#report(firstInput(given))
      if (!moved) this.#tell(live)
    } else if (this.#recorded === '') {
      // Whoever delivers the event again forgets it when we have answered: from then on it is ours to hand over.
      this.#arm(Date.now())
    }
    return { ...(await this.wait(organizationId, wait ?? { until: 'now' })), isNew }
  }

  /** Where the execution stands, as soon as what is waited for is there or the time is over. */
  async wait(organizationId: OrganizationId, wait: WaitFor): Promise<Settled> {
    this.#admitCaller(organizationId)
    const live = this.#load()
    return live === undefined ? { status: 'unknown' } : this.#waiters.wait(live, wait)
  }

  /** The whole execution as JSON text of the contract's `Execution`; undefined when there is none. */
  view(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const live = this.#load()
    return live === undefined ? undefined : JSON.stringify(live.view())
  }

  /** JSON text of what finds its place at the gate at which it waits; undefined when it waits at none. */
  waitsAt(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const { workflowId, generation, queue } = this.#load()?.view() ?? {}
    return queue === undefined ? undefined : JSON.stringify({ workflowId, generation, queue })
  }

  /** Its journal as JSON text; undefined when there is none here. */
  journal(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const live = this.#load()
    return live === undefined ? undefined : JSON.stringify(live.entries)
  }

  /** Commits the cancellation before it answers. */
  cancel(organizationId: OrganizationId, by: string, reason: string): 'accepted' | 'finished' | 'not_found' {
    this.#admitCaller(organizationId)
    const live = this.#load()
    if (live === undefined) return 'not_found'
    if (live.state.finished !== null) return 'finished'
    this.#turn({ type: 'cancel', by, reason })
    return 'accepted'
  }

  /** Gives up whatever is going on and goes on at a node, committed before it answers. */
  async redirect(
    organizationId: OrganizationId,
    by: string,
    node: string,
    reason: string,
  ): Promise<'accepted' | 'finished' | 'not_found'> {
    this.#admitCaller(organizationId)
    const contact = await this.#contactNow()
    const live = this.#load()
    if (live === undefined) return 'not_found'
    if (live.state.finished !== null) return 'finished'
    this.#turn({ type: 'redirect', by, node, reason }, contact)
    return 'accepted'
  }

  /** Takes a hand in it, committed before it answers. */
  async control(organizationId: OrganizationId, input: ControlInput): Promise<'accepted' | 'not_found' | Refusal> {
    this.#admitCaller(organizationId)
    const contact = await this.#contactNow()
    const live = this.#load()
    if (live === undefined) return 'not_found'
    const refusal = refusalOf(live, input)
    if (refusal === null) this.#turn(input, contact)
    return refusal ?? 'accepted'
  }

  /**
   * Goes on with another version of its workflow, committed before it answers; with `preview`, says whether it could.
   * What it is, and that it went on, are written in one.
   */
  async migrate(
    organizationId: OrganizationId,
    { by, workflowId, versionId, preview }: MigrationWish,
  ): Promise<MigrationAnswer> {
    this.#admitCaller(organizationId)
    const to = await isolateOf(this.env).plans.find(organizationId, versionId)
    const live = this.#load()
    if (to === undefined || live === undefined || live.header.workflow.id !== workflowId) return { kind: 'over' }
    const answer = judgeMigration(live, to)
    if (answer.kind !== 'movable' || preview) return answer
    try {
      this.ctx.storage.transactionSync(() => {
        this.#live = migratedTo(live, to)
        this.#journal.rehead(this.#live.header)
        this.#turn({ type: 'migrate', by, from: live.header.version, to: to.version })
      })
    } catch (error) {
      this.#live = undefined
      throw error
    }
    return { kind: 'moved' }
  }

  /**
   * A new generation. `init` is the execution as D1 has it, for one that has no storage here; `edits` JSON text of what is
   * to be different in it.
   */
  async redrive(
    organizationId: OrganizationId,
    by: string,
    init: string | undefined,
    edits?: string,
  ): Promise<RedriveAnswer> {
    this.#admitCaller(organizationId)
    if (this.#load() === undefined) {
      if (init === undefined) return 'not_found'
      this.#journal.begin(init)
      this.#take(JSON.parse(init) as ExecutionInit)
    }
    const live = this.#load()
    if (live === undefined) return 'not_found'
    if (live.state.finished === null) return 'not_finished'
    if (live.state.origin?.pretend === true) return 'pretended'
    const wanted = edits === undefined ? undefined : (JSON.parse(edits) as ExecutionEdits)
    const beginning = new Set(Object.keys(live.state.unfinished))
    const problems = wanted === undefined ? [] : editProblems(live, wanted, beginning)
    if (problems.length > 0) return { problems }
    const { generation } = live.state
    await this.#report({ type: 'redrive', by, ...(wanted !== undefined && { edits: wanted }) })
    return live.state.generation > generation ? 'accepted' : 'nothing_failed'
  }

  /** How it ended, as JSON text of a `ChildNews`; undefined while it goes on, and when there is none here. */
  news(organizationId: OrganizationId): string | undefined {
    this.#admitCaller(organizationId)
    const live = this.#load()
    const news = live === undefined ? undefined : newsIn(live.header.executionId, live.state)
    return news === undefined ? undefined : JSON.stringify(news)
  }

  /** A gate says something (JSON text of a `GateWord`) to one try of it. `gone`: that try is over, or never was. */
  async hearGate(organizationId: OrganizationId, generation: number, word: string): Promise<'here' | 'gone'> {
    this.#admitCaller(organizationId)
    const live = this.#load()
    if (live === undefined || live.state.generation !== generation || live.state.finished !== null) return 'gone'
    const said = JSON.parse(word) as GateWord
    switch (said.kind) {
      case 'pass':
        await this.#report({ type: 'passGate', gate: said.gate })
        return 'here'
      case 'refuse':
        this.#turn({ type: 'refuse', failure: said.failure })
        return 'here'
      case 'leave':
        this.#turn({ type: 'cancel', by: 'concurrency', reason: said.failure.message })
        return 'here'
      case 'ask':
        return 'here'
      default:
        return unreachable(said)
    }
  }

  /** A child says how it ended: `news` is JSON text of a `ChildNews`. What is not awaited changes nothing. */
  async childEnded(organizationId: OrganizationId, key: string, news: string): Promise<void> {
    this.#admitCaller(organizationId)
    if (this.#load() !== undefined) await this.#report({ type: 'childEnded', key, end: JSON.parse(news) as ChildNews })
  }

  /**
   * Brings an event (JSON text of a `Heard`) to a step that waits for one. `passed`: it is not the one; `gone`: the step
   * does not wait any more.
   */
  async hear(organizationId: OrganizationId, path: string, event: string): Promise<'taken' | 'passed' | 'gone'> {
    this.#admitCaller(organizationId)
    const contact = await this.#contactNow()
    const isWaiting = () => this.#live?.outstanding.listening?.some((listening) => listening.path === path) === true
    if (this.#load() === undefined || !isWaiting()) return 'gone'
    this.#turn({ type: 'heard', path, event: JSON.parse(event) as Heard }, contact)
    return isWaiting() ? 'passed' : 'taken'
  }

  /**
   * Takes a person's decision (JSON text of a `Ballot` but for the execution). The first of a person counts, and is
   * durable when this resolves; whatever is wrong with it changes nothing.
   */
  async decide(organizationId: OrganizationId, ballot: string): Promise<BallotAnswer> {
    this.#admitCaller(organizationId)
    const contact = await this.#contactNow()
    const live = this.#load()
    const { generation, path, vote, involved } = JSON.parse(ballot) as Omit<Ballot, 'executionId'>
    if (live === undefined || live.state.generation !== generation) return 'closed'
    this.#turn({ type: 'wake' }, contact)
    const step = live.state.open[path]
    if (step?.status !== 'waiting' || step.asking === undefined) return 'closed'
    const behaviour = live.plan.nodes.get(step.node)?.behaviour
    if (behaviour?.kind !== 'approval') return 'closed'
    const refusal = behaviour.judge(step.asking, vote, involved)
    if (refusal !== null) return refusal as BallotAnswer
    this.#turn({ type: 'voted', path, vote, involved }, contact)
    await this.#tellApprovals(live)
    return 'counted'
  }

  /** Looks whether something should have moved by now. For the sweeper. */
  poke(organizationId: OrganizationId): Promise<void> {
    this.#admitCaller(organizationId)
    return this.#look()
  }

  /**
   * Forgets an execution that is over, when D1 has it as of this turn. False when it went on since, or still owes
   * somebody a word.
   */
  async erase(
    organizationId: OrganizationId,
    { generation, seq }: { generation: number; seq: number },
  ): Promise<boolean> {
    this.#admitCaller(organizationId)
    const live = this.#load()
    if (live === undefined) return true
    await this.#tellParent(live)
    await this.#tellContact(live)
    await this.#tellGates(live)
    await this.#tellApprovals(live)
    const { state } = live
    if (state.finished === null || state.generation !== generation || state.seq !== seq || this.#owes(live))
      return false
    this.#live = undefined
    await this.ctx.storage.deleteAll()
    return true
  }

  /** An upgrade to a socket of `LiveMessage`s. The caller has been admitted by whoever forwards the request. */
  override async fetch(request: Request): Promise<Response> {
    const live = this.#load()
    return openSocket(this.ctx, request, live === undefined ? undefined : await withKeys(...this.#keyed(live)))
  }

  #keyed(live: LiveExecution): Parameters<typeof withKeys> {
    return [isolateOf(this.env).vault, live.header.organizationId, live.view()]
  }

  override async alarm(): Promise<void> {
    this.#armedAt = null
    this.#ringing ??= { until: Date.now() + ringMs, over: Promise.withResolvers() }
    const { over } = this.#ringing
    await this.#lookSafely()
    if (this.#live === undefined) this.#endRing()
    await over.promise
  }

  /** Never rejects. */
  async #lookSafely(): Promise<void> {
    try {
      await this.#look()
    } catch (error) {
      console.error({ message: 'execution could not be looked at', execution: this.ctx.id.name, error: String(error) })
      this.#arm(Date.now() + mendAfterMs)
    }
  }

  async #look(): Promise<void> {
    const contact = await this.#contactNow()
    const live = this.#load()
    if (live === undefined) return
    this.#asking = ''
    if (this.#turn({ type: 'wake' }, contact)) return
    // Either the record was not handed over, or this process is too young to know: once more does no harm.
    if (!this.#isHandedOver(live)) await this.#handOver(live)
    await this.#tellApprovals(live)
    await this.#tellParent(live)
    await this.#tellContact(live)
    await this.#tellGates(live)
    const watched = live.outstanding.children.filter(({ want }) => want === 'watch')
    await Promise.all(watched.map((order) => this.#lookAfter(live, order)))
    this.#rest(live)
  }

  /** Sleeps until something is due. */
  #rest(live: LiveExecution): void {
    this.#armedAt = null
    this.#arm(nextAlarm(this.#facts(live)))
  }

  #endRing(): void {
    this.#ringing?.over.resolve()
    this.#ringing = undefined
  }

  /** The contact for the next turn, where its plan reads it. Rejects when that can not be had. */
  #contactNow(): Promise<Json> | undefined {
    const live = this.#load()
    return live === undefined ? undefined : contactNow(this.env, live)
  }

  /** A turn about what nobody would say again: without its contact it is recorded, and decided when that can be read. */
  async #report(input: Input): Promise<boolean> {
    const asked = this.#contactNow()
    if (asked === undefined) return this.#turn(input)
    const contact = await asked.catch((error: unknown) => {
      console.error({ message: 'contact not read', execution: this.ctx.id.name, error: String(error) })
      return undefined
    })
    return this.#turn(input, contact)
  }

  /** One turn: decide, commit, then do. Whether anything happened. */
  #turn(input: Input, contact?: Json): boolean {
    const live = this.#load()
    if (live === undefined) return false
    let moved = false
    try {
      const { plan, state, identity } = live
      const { entry, outstanding } = advance({ plan, state, identity, contact }, input, Date.now())
      moved = entry !== null
      live.outstanding = outstanding
      if (entry !== null) {
        this.#journal.append(entry)
        live.entries.push(entry)
        this.#keepResults(live, entry)
      }
    } catch (error) {
      // The state may be ahead of the journal: forget it, and fold what was committed.
      this.#live = undefined
      throw error
    }
    this.#perform(live, live.outstanding)
    // What somebody stands behind until its record is handed over is armed then.
    const facts = this.#facts(live)
    if (!(facts.backed && facts.finishedAt !== null)) this.#arm(nextAlarm(facts))
    if (moved) this.#tell(live)
    return moved
  }

  #tell(live: LiveExecution): void {
    this.#waiters.settle(live)
    broadcast(this.ctx, () => withKeys(...this.#keyed(live)))
    // A waiting or finished execution is shown as such; one that is busy is handed over when it is looked at again.
    if (live.outstanding.invocations.length === 0) this.ctx.waitUntil(this.#handOver(live))
    this.ctx.waitUntil(this.#tellApprovals(live))
    if (live.state.finished === null) return
    this.ctx.waitUntil(this.#tellParent(live))
    this.ctx.waitUntil(this.#tellContact(live))
    this.ctx.waitUntil(this.#tellGates(live))
  }

  /** Says to the contact that was let in that it is over. Never rejects: the alarm tries again. */
  async #tellContact({ header, state }: LiveExecution): Promise<void> {
    if (header.enrolled === undefined || state.finished === null || this.#left) return
    try {
      await hasLeft(this.env, header, state.finished.at)
      this.#left = true
    } catch (error) {
      console.error({ message: 'contact not told', execution: header.executionId, error: String(error) })
    }
  }

  /** Gives back its places at gates, as soon as it is over. Never rejects: the alarm tries again. */
  async #tellGates({ header, state }: LiveExecution): Promise<void> {
    if (!hasGates(state) || state.finished === null || this.#leftGates === state.generation) return
    const { generation, gates, place } = state
    try {
      await leaveGates(this.env, header, { generation, gates, place })
      this.#leftGates = Math.max(this.#leftGates, generation)
    } catch (error) {
      console.error({ message: 'gates not told', execution: header.executionId, error: String(error) })
    }
  }

  /** Asks the gate at which it waits to let it through; once per process and look. Never rejects. */
  async #askGate({ header, state }: LiveExecution, ref: GateRef): Promise<void> {
    const { generation, generationAt, gates, place } = state
    const name = `${generation}/${ref.gate}`
    if (this.#asking === name) return
    this.#asking = name
    try {
      const answer = await askGate(this.env, header, { generation, generationAt }, ref)
      if (answer.kind === 'passed') this.#turn({ type: 'passGate', gate: ref.gate })
      else if (answer.kind === 'refused') this.#turn({ type: 'refuse', failure: answer.failure })
      // If it ended while it asked, its leaving may have been there first: the place it was given is nobody's.
      const { finished = null } = this.#load()?.state ?? {}
      if (finished !== null) await leaveGates(this.env, header, { generation, gates, place })
    } catch (error) {
      console.error({ message: 'gate not asked', execution: header.executionId, error: String(error) })
      this.#asking = ''
      this.#arm(Date.now() + askFailedAfterMs)
    }
  }

  /** Says to the step that called it how the execution ended. Never rejects: the alarm tries again. */
  async #tellParent({ header, state }: LiveExecution): Promise<void> {
    const news = newsIn(header.executionId, state)
    const { parent, generation } = state
    if (parent === null || news === undefined || this.#told === generation) return
    try {
      const { organizationId } = header
      await executionOf(this.env, organizationId, ExecutionId.parse(parent.executionId)).childEnded(
        organizationId,
        parent.key,
        JSON.stringify(news),
      )
      this.#told = generation
    } catch (error) {
      console.error({ message: 'parent not told', execution: header.executionId, error: String(error) })
    }
  }

  /** Shows people what they are asked, as of now. Never rejects: the alarm tries again. */
  async #tellApprovals({ header, entries, state }: LiveExecution): Promise<void> {
    if (!canAsk(header) || this.#asked === state.seq) return
    const { seq } = state
    try {
      await tellApprovals(this.env, header, entries)
      this.#asked = Math.max(this.#asked, seq)
    } catch (error) {
      console.error({ message: 'approvals not told', execution: header.executionId, error: String(error) })
      this.#arm(Date.now() + mendAfterMs)
    }
  }

  async #lookAfter({ header }: LiveExecution, order: ChildOrder): Promise<void> {
    const input = await this.#children.look(header, order)
    if (input !== undefined) await this.#report(input)
  }

  /** Asks to be brought the events a step waits for, once per process. */
  #listenFor({ header, state }: LiveExecution, listening: Listening): void {
    const key = `${state.generation}/${listening.path}`
    if (this.#listening.has(key)) return
    this.#listening.add(key)
    const asking = listenFor(this.env, header, listening).catch((error: unknown) => {
      console.error({ message: 'not listening', execution: header.executionId, error: String(error) })
      this.#listening.delete(key)
      this.#arm(Date.now() + mendAfterMs)
    })
    this.ctx.waitUntil(asking)
  }

  /** Looks up what a step may not have to be called for. Whatever goes wrong, it is called then. */
  async #recall({ header }: LiveExecution, { path, node, key }: Recall): Promise<void> {
    const name = `${path} ${key}`
    if (this.#recalling.has(name)) return
    this.#recalling.add(name)
    const found = await findResult({ header, node, key }).catch((error: unknown) => {
      console.error({ message: 'result not looked up', execution: header.executionId, error: String(error) })
      return null
    })
    this.#recalling.delete(name)
    await this.#report({ type: 'recalled', path, key, found })
  }

  /** Keeps what steps gave that others may use. */
  #keepResults({ header, plan }: LiveExecution, { events }: JournalEntry): void {
    for (const event of events) {
      if (event.type !== 'stepCompleted' || event.keepAs === undefined) continue
      const { node, keepAs: key, output = null, port, at } = event
      const ttlMs = plan.nodes.get(node)?.cache?.ttlMs ?? 0
      const kept = keepResult({ header, node, key }, { output, port }, { at, ttlMs })
      this.ctx.waitUntil(
        kept.catch((error: unknown) => console.error({ message: 'result not kept', error: String(error) })),
      )
    }
  }

  #perform(live: LiveExecution, { invocations, children, listening = [], recalls = [], gate }: Outstanding): void {
    if (gate !== undefined) this.ctx.waitUntil(this.#askGate(live, gate))
    for (const recall of recalls) this.ctx.waitUntil(this.#recall(live, recall))
    for (const order of children) if (order.want !== 'watch') this.ctx.waitUntil(this.#lookAfter(live, order))

    for (const wanted of listening) this.#listenFor(live, wanted)
    const { egress, outbound, vault } = isolateOf(this.env)
    const contactsOf = (step: ActingStep) => createContactActions(this.env, step)
    this.#calls.keep(new Set(invocations.map(({ key, generation }) => `${generation}/${key}`)))
    for (const invocation of invocations) {
      const tools = { egress, outbound, vault, contactsOf }
      const running = this.#calls.begin(live.header, invocation, tools, (result) =>
        this.#report(reportOf(invocation, result)),
      )
      if (running !== undefined) this.ctx.waitUntil(running)
    }
  }

  /** The execution, folded from its journal when this process does not have it yet (X2). */
  #load(): LiveExecution | undefined {
    if (this.#live !== undefined) return this.#live
    const init = this.#journal.read()
    if (init === undefined) return undefined
    const live = this.#take(init)
    if (live.state.startedAt === null) this.#turn(firstInput(init))
    // In one turn: told of them one by one, the engine would ask in between for calls that are lost too.
    if (live.outstanding.invocations.length > 0) this.#turn({ type: 'recover' })
    return live
  }

  #take(init: ExecutionInit): LiveExecution {
    const { header, entries } = init
    const { plan } = isolateOf(this.env).plans.compile({
      organizationId: header.organizationId,
      workflow: header.workflow,
      version: header.version,
      graph: header.graph,
      ...(header.calendars !== undefined && { calendars: header.calendars }),
    })
    const live = new LiveExecution(header, plan, entries, fold(entries))
    this.#live = live
    return live
  }

  /** Gives the record as of now to an inbox, which brings it to D1. Never rejects: the alarm tries again. */
  async #handOver(live: LiveExecution): Promise<void> {
    const { header, state } = live
    const { organizationId, executionId, inbox } = header
    const { generation, seq } = state
    const record = rowText(toRecord(header, live.entries, state, live.outstanding))
    if (state.finished === null) {
      // The inbox forgets the event with this record: what goes on needs an alarm before that.
      this.#backed = false
      this.#arm(nextAlarm(this.#facts(live)))
    }
    try {
      const keeper = inboxOf(this.env, organizationId, inbox?.shard ?? shardOf(executionId))
      await keeper.deposit(organizationId, record, inbox?.ends)
      this.#recorded = `${generation}.${seq}`
    } catch (error) {
      console.error({ message: 'record not handed over', execution: executionId, error: String(error) })
    }
    // Either the inbox is told that the event needs nothing more, or it is not known: from now on there is an alarm.
    this.#backed = false
    this.#arm(nextAlarm(this.#facts(live)))
  }

  /** Whether its parent or contact has not heard that it ended, or its children are still to be looked after. */
  #owes({ header, state, outstanding }: LiveExecution): boolean {
    if (header.enrolled !== undefined && !this.#left) return true
    if (hasGates(state) && this.#leftGates !== state.generation) return true
    if (state.parent !== null && this.#told !== state.generation) return true
    return outstanding.children.length > 0 || (canAsk(header) && this.#asked !== state.seq)
  }

  #isHandedOver({ state }: LiveExecution): boolean {
    return this.#recorded === `${state.generation}.${state.seq}`
  }

  #facts(live: LiveExecution): AlarmFacts {
    const { state, outstanding } = live
    const now = Date.now()
    return {
      now,
      wakeAt: outstanding.gate === undefined ? outstanding.wakeAt : now + askAgainAfterMs,
      busy:
        outstanding.invocations.length > 0 ||
        outstanding.children.some(({ want }) => want !== 'watch') ||
        outstanding.recalls !== undefined,
      finishedAt: state.finished?.at ?? null,
      backed: this.#backed || (this.#ringing !== undefined && now < this.#ringing.until),
      // What is over and still owes somebody a word is looked at until it does not.
      recorded: this.#isHandedOver(live) && !(state.finished !== null && this.#owes(live)),
    }
  }

  /** Arms the one alarm, if it is not armed for sooner: an early look is harmless and a row cheaper. */
  #arm(at: ReturnType<typeof nextAlarm>): void {
    clearTimeout(this.#watch)
    if (at === 'unarmed') {
      this.#watch = setTimeout(() => this.ctx.waitUntil(this.#lookSafely()), lookAfterMs)
      return
    }
    if (at !== 'never' && !isArmed(this.#armedAt, at)) {
      this.#armedAt = at
      void this.ctx.storage.setAlarm(at)
    }
    this.#endRing()
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('execution of another organization')
  }
}

/** Whether it had gates to pass. */
function hasGates({ gates, place }: LiveExecution['state']): boolean {
  return gates.length > 0 || place !== null
}

/** With what an execution goes on in its object: from its first turn, or from what has been played of it. */
function firstInput({ begin }: ExecutionInit): Input {
  return begin === undefined ? { type: 'wake' } : { type: 'start', ...begin }
}

/** What came of a call, as the engine is told. */
function reportOf({ path, attempt }: Invocation, result: PerformResult): Input {
  if (result.ok) return { type: 'succeeded', path, attempt, outcome: result.outcome }
  const { failure, held } = result
  return held === undefined
    ? { type: 'failed', path, attempt, failure }
    : { type: 'deferred', path, attempt, failure, ...held }
}
