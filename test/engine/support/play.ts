import { expect } from 'vitest'
import type { Failure } from '../../../worker/contract/failure.ts'
import type { Json } from '../../../worker/contract/json.ts'
import { advance } from '../../../worker/engine/advance.ts'
import type { Outcome } from '../../../worker/engine/behaviour.ts'
import type { ChildOrder, Outstanding } from '../../../worker/engine/effect.ts'
import type { ExecutionEvent, FinalStatus, JournalEntry } from '../../../worker/engine/event.ts'
import { fold } from '../../../worker/engine/fold.ts'
import type { Input } from '../../../worker/engine/input.ts'
import { outstanding } from '../../../worker/engine/outstanding.ts'
import type { Plan } from '../../../worker/engine/plan.ts'
import { project } from '../../../worker/engine/projection.ts'
import { freeze, thaw } from '../../../worker/engine/snapshot.ts'
import { newState, statusOf, type ExecutionState } from '../../../worker/engine/state.ts'
import { Legality } from './check-legal.ts'
import { draw, type Drawing } from './draw.ts'
import { heldBack } from './failures.ts'

export const identity = { executionId: 'exe_01jd4x8m3w5q7r9t1v3x5z7b9d', mode: 'production' }

/** JSON and back: what a journal goes through between two processes. */
export function stored<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}

/**
 * An execution whose journal is a list and whose clock is a number, so that a test reads as a story. Times are ms from
 * the start. After every turn it checks what must always hold: the journal folds to the same state, from the beginning
 * and from a snapshot, it is legal, and the state asks for the same things after a crash.
 */
export class Play {
  readonly plan: Plan
  readonly entries: JournalEntry[] = []
  now = 0
  /** The contact as it is; undefined: nobody can read it now. */
  contact: Json | undefined = null
  state: ExecutionState = newState()
  outstanding: Outstanding = { invocations: [], children: [], wakeAt: null }
  /** Keys of all calls that were ever asked for, in order. */
  readonly asked: string[] = []
  /** Keys of the attempts that this process says it has in flight when their leases are over. */
  readonly inFlight = new Set<string>()
  private readonly legality = new Legality()

  constructor(drawing: Drawing | Plan) {
    this.plan = 'edges' in drawing ? draw(drawing) : drawing
  }

  /** One that goes on from a journal, such as a fork's. */
  static from(plan: Plan, entries: readonly JournalEntry[], now: number): Play {
    const going = new Play(plan)
    for (const entry of entries) {
      going.entries.push(entry)
      going.legality.add(stored(entry))
    }
    going.now = now
    return going.crash()
  }

  start(data: Json = null): this {
    return this.turn({ type: 'start', trigger: { nodeId: [...this.plan.nodes.keys()][0]!, kind: 'manual', data } })
  }

  /** The call in flight at a path answers. */
  succeed(path: string, outcome: Json | Outcome = null): this {
    const whole = isOutcome(outcome) ? outcome : { output: outcome, port: 'out' }
    return this.turn({ type: 'succeeded', path, attempt: this.attemptOf(path), outcome: whole })
  }

  fail(path: string, failure: Failure): this {
    return this.turn({ type: 'failed', path, attempt: this.attemptOf(path), failure })
  }

  /** The call in flight at a path is not made, and is not to be before `until`. */
  defer(path: string, until: number, how: { free?: boolean; holder?: string } = {}): this {
    const held = { path, attempt: this.attemptOf(path), until, failure: heldBack, free: false, ...how }
    return this.turn({ type: 'deferred', ...held })
  }

  /** Somebody approves what the step at a path asks. */
  vote(path: string, email: string): this {
    const vote = {
      by: { kind: 'outsider' as const, email },
      verdict: 'approve' as const,
      comment: '',
      contentHash: 'a'.repeat(64),
      signedBy: null,
    }
    return this.turn({ type: 'voted', path, vote, involved: [] })
  }

  /** The child that the step at a path called is there. */
  childStarts(path: string, executionId = `child of ${path}`): this {
    return this.turn({ type: 'childStarted', key: this.orderOf(path).key, executionId })
  }

  /** It has completed with this output, or ended in another way. */
  childEnds(path: string, end: { status?: FinalStatus; output?: Json; failure?: Failure } = {}): this {
    const { status = 'completed', output = null, failure } = end
    const came = { executionId: `child of ${path}`, status, output, ...(failure !== undefined && { failure }) }
    return this.turn({ type: 'childEnded', key: this.orderOf(path).key, end: came })
  }

  /** What is known under the key that the step at a path seeks: given then, or nothing. */
  recall(path: string, output?: Json, at = this.now): this {
    const recall = this.outstanding.recalls?.find((each) => each.path === path)
    if (recall === undefined) throw new Error(`nothing is sought at ${path}`)
    const found = output === undefined ? null : { outcome: { output, port: 'out' }, at }
    return this.turn({ type: 'recalled', path, key: recall.key, found })
  }

  /** Children to look after: `start send`. */
  get orders(): string[] {
    return this.outstanding.children.map(({ want, key }) => `${want} ${key}`)
  }

  lose(path: string): this {
    return this.turn({ type: 'lost', path, attempt: this.attemptOf(path) })
  }

  /** Lets time pass, waking whenever the engine asked to be woken. */
  until(at: number): this {
    for (let turns = 0; (this.outstanding.wakeAt ?? Infinity) <= at; turns++) {
      if (turns > 200) throw new Error(`woken ${turns} times without an end`)
      this.now = Math.max(this.now, this.outstanding.wakeAt!)
      this.turn({ type: 'wake' })
    }
    this.now = Math.max(this.now, at)
    return this
  }

  /** The process dies: whatever was not in the journal is gone. */
  crash(): this {
    this.inFlight.clear()
    this.state = fold(stored(this.entries))
    this.outstanding = outstanding(this)
    return this
  }

  turn(input: Input): this {
    const { plan, state, contact } = this
    const isInFlight = (path: string, attempt: number) => this.inFlight.has(`${path}/${attempt}`)
    const before = freeze(state)
    const turn = advance({ plan, state, identity, contact, isInFlight }, input, this.now)
    if (turn.entry !== null) this.entries.push(turn.entry)
    for (const { key } of turn.outstanding.invocations) if (!this.asked.includes(key)) this.asked.push(key)
    this.outstanding = turn.outstanding
    this.check(before, turn.entry)
    return this
  }

  /** All that happened, in one list. */
  get events(): ExecutionEvent[] {
    return this.entries.flatMap(({ events }) => events)
  }

  /** Paths of completed steps in order. */
  get completed(): string[] {
    return this.events.flatMap((event) => (event.type === 'stepCompleted' ? [event.path] : []))
  }

  get status(): string {
    return statusOf(this.state)
  }

  get keys(): string[] {
    return this.outstanding.invocations.map(({ key }) => key)
  }

  outputOf(path: string): Json | undefined {
    return project(this.entries).steps.find((step) => step.path === path)?.output
  }

  stepAt(path: string) {
    return project(this.entries).steps.find((step) => step.path === path)
  }

  private orderOf(path: string): ChildOrder {
    const found = this.outstanding.children.find((order) => order.path === path)
    if (found === undefined) throw new Error(`no child is wanted at ${path}`)
    return found
  }

  private attemptOf(path: string): number {
    const found = this.outstanding.invocations.find((invocation) => invocation.path === path)
    if (found === undefined) throw new Error(`nothing is in flight at ${path}`)
    return found.attempt
  }

  private check(before: string, entry: JournalEntry | null): void {
    const { entries, plan } = this
    if (entry !== null) this.legality.add(stored(entry))
    const now = JSON.stringify(this.state)
    const reborn = fold(stored(entries))
    same(JSON.stringify(reborn), now)
    same(JSON.stringify(fold(entry === null ? [] : [stored(entry)], thaw(before))), now)
    same(JSON.stringify(outstanding({ plan, state: reborn })), JSON.stringify(this.outstanding))
  }
}

/** `expect` tells more and takes its time; it is asked only when there is something to tell. */
function same(actual: string, expected: string): void {
  if (actual !== expected) expect(JSON.parse(actual)).toEqual(JSON.parse(expected))
}

/** Draws, and starts nothing yet. */
export function play(drawing: Drawing): Play {
  return new Play(drawing)
}

function isOutcome(value: Json | Outcome): value is Outcome {
  return typeof value === 'object' && value !== null && 'port' in value && 'output' in value
}
