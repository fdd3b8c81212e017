// playback
//
// One execution of the engine on a clock that is a number. Its host says what calls give and when; nothing here waits.
//
//   P1. The engine decides everything: this is the object's shell without its storage, its alarm and its network.
//   P2. Time goes from one thing that happens to the next and never back. A result that arrives at the instant at which
//       something else is due is reported first, as a call that answers in time is.
//   P3. A call that the engine no longer wants is forgotten, with whatever it would have given.
//   P4. Other workflows are never executed: what one gives is its caller's to say, as for a call.
//   P5. The journal is given away entry by entry and not kept: who needs it keeps it.

import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'
import { advance } from '../engine/advance.ts'
import type { Heard, Outcome } from '../engine/behaviour.ts'
import type { ChildOrder, Invocation, Listening, Outstanding } from '../engine/effect.ts'
import type { JournalEntry, StepPath } from '../engine/event.ts'
import type { Held } from '../engine/fork/recorded.ts'
import type { Input } from '../engine/input.ts'
import type { Plan } from '../engine/plan.ts'
import { newState, type ExecutionState } from '../engine/state.ts'

/** What a call gave. */
export type CallResult = { ok: true; outcome: Outcome } | { ok: false; failure: Failure }

/** What a call gives, and how long after it was made, in ms. */
export interface Answer {
  afterMs: number
  result: CallResult
}

/** What an execution starts with. */
export type Start = Omit<Extract<Input, { type: 'start' }>, 'type'>

interface Awaited {
  at: number
  input: Input
  /** The step that listens, for an event. */
  path?: StepPath
  /** The step that ends by it, whatever it waits for. */
  ends?: StepPath
}

/** One execution under way (P1–P5). Its host answers what is unanswered, then steps, until it is finished. */
export class Playback {
  readonly state: ExecutionState
  readonly #plan: Plan
  readonly #identity: { executionId: string; mode: string }
  readonly #contact: Json
  readonly #awaited = new Map<string, Awaited>()
  #outstanding: Outstanding = { invocations: [], children: [], wakeAt: null }
  /** What was brought to a step, so that it is brought once. */
  readonly #brought = new Set<string>()
  #now = 0
  #turns = 0

  /** `state`: where it goes on, when it does not begin here; taken over. `contact`: whom it is about, for plans that read it. */
  constructor(
    plan: Plan,
    identity: { executionId: string; mode: string },
    state: ExecutionState = newState(),
    contact: Json = null,
  ) {
    this.#plan = plan
    this.#identity = identity
    this.state = state
    this.#contact = contact
  }

  /** Epoch ms on this execution's own clock. */
  get now(): number {
    return this.#now
  }

  get isFinished(): boolean {
    return this.state.finished !== null
  }

  /** Turns taken so far, those in which nothing happened included. */
  get turns(): number {
    return this.#turns
  }

  /** Begins at `at` and goes as far as it goes without time passing or a call answering. */
  start(start: Start, at: number): JournalEntry | null {
    this.#now = at
    return this.#turn({ type: 'start', ...start })
  }

  /** Goes on at `at` from the state it was given. */
  goOn(at: number): JournalEntry | null {
    this.#now = at
    return this.#turn({ type: 'wake' })
  }

  /** Says how a step ends, whatever it waits for, and so long from now. Said once. */
  assume(path: StepPath, outcome: Outcome, afterMs: number): void {
    const key = `${path} ends`
    if (this.#awaited.has(key)) return
    this.#awaited.set(key, { at: this.#now + afterMs, input: { type: 'assumed', path, outcome }, ends: path })
  }

  /** Says that nothing is known of what a step seeks. */
  miss(path: StepPath, sought: string, afterMs: number): void {
    const input: Input = { type: 'recalled', path, key: sought, found: null }
    this.#awaited.set(`${path} misses`, { at: this.#now + afterMs, input, ends: path })
  }

  /** Says that nobody will hear of a call again: its process dies so long from now. */
  lose({ key, path, attempt }: Invocation, afterMs: number): void {
    this.#awaited.set(key, { at: this.#now + afterMs, input: { type: 'lost', path, attempt } })
  }

  /** Says that a call is not made so long from now, and is held back for a while then. */
  hold({ key, path, attempt }: Invocation, afterMs: number, { waitMs, reason, free }: Held): void {
    const at = this.#now + afterMs
    const failure = { kind: 'retryable' as const, ...reason }
    this.#awaited.set(key, { at, input: { type: 'deferred', path, attempt, until: at + waitMs, failure, free } })
  }

  /** Calls that are wanted and for which `answer` has not been told what they give. */
  unanswered(): Invocation[] {
    return this.#outstanding.invocations.filter(({ key }) => !this.#awaited.has(key))
  }

  /** Workflows that a step calls and of which `answerChild` has not been told what they give. */
  unansweredChildren(): ChildOrder[] {
    const isOpen = ({ key, want }: ChildOrder) => want !== 'cancel' && !this.#awaited.has(endOf(key))
    return this.#outstanding.children.filter(isOpen)
  }

  /** Says what a called workflow gives, as its last step, and when it begins and ends. */
  answerChild({ key, path }: ChildOrder, { afterMs, result }: Answer, startsAfterMs = 0): void {
    const executionId = `pretend_${path}`
    this.#awaited.set(startOf(key), {
      at: this.#now + startsAfterMs,
      input: { type: 'childStarted', key, executionId },
    })
    const end = result.ok
      ? { executionId, status: 'completed' as const, output: result.outcome.output }
      : { executionId, status: 'failed' as const, output: null, failure: result.failure }
    this.#awaited.set(endOf(key), { at: this.#now + afterMs, input: { type: 'childEnded', key, end } })
  }

  /** Says what a call gives. One that takes as long as it may is cut off then, as its shell would do. */
  answer({ key, path, attempt, timeoutMs }: Invocation, { afterMs, result }: Answer): void {
    const isCut = afterMs >= timeoutMs
    const given = isCut ? { ok: false as const, failure: timedOut(timeoutMs) } : result
    const input: Input = given.ok
      ? { type: 'succeeded', path, attempt, outcome: given.outcome }
      : { type: 'failed', path, attempt, failure: given.failure }
    this.#awaited.set(key, { at: this.#now + (isCut ? timeoutMs : afterMs), input })
  }

  /** Steps that wait for an event. */
  listening(): readonly Listening[] {
    return this.#outstanding.listening ?? []
  }

  /** Has a step hear of an event when that comes, or now if it has come already. */
  bring(path: StepPath, event: Heard): void {
    const key = heardBy(path, event.id)
    if (this.#brought.has(key)) return
    this.#brought.add(key)
    this.#awaited.set(key, { at: Math.max(this.#now, event.at), input: { type: 'heard', path, event }, path })
  }

  /** When it goes on by itself, in epoch ms; null when it does not. */
  nextAt(): number | null {
    if (this.isFinished) return null
    let next = this.#outstanding.wakeAt
    for (const { at } of this.#awaited.values()) if (next === null || at < next) next = at
    return next === null ? null : Math.max(next, this.#now)
  }

  /** Lets time pass until something happens, and takes that turn. Null when nothing came of it. */
  step(): JournalEntry | null {
    const next = this.nextAt()
    if (next === null) return null
    this.#now = next
    for (const [key, { at, input }] of this.#awaited) {
      if (at > next) continue
      this.#awaited.delete(key)
      return this.#turn(input)
    }
    return this.#turn({ type: 'wake' })
  }

  cancel(by: string, reason: string): JournalEntry | null {
    return this.#turn({ type: 'cancel', by, reason })
  }

  #turn(input: Input): JournalEntry | null {
    this.#turns += 1
    const { entry, outstanding } = advance(
      { plan: this.#plan, state: this.state, identity: this.#identity, contact: this.#contact },
      input,
      this.#now,
    )
    this.#outstanding = outstanding
    this.#forgetUnwanted(outstanding)
    return entry
  }

  #forgetUnwanted({ invocations, children, listening = [] }: Outstanding): void {
    if (this.#awaited.size > 0) {
      const wanted = new Set(invocations.map(({ key }) => key))
      for (const { key, want } of children) if (want !== 'cancel') wanted.add(startOf(key)).add(endOf(key))
      const listeners = new Set(listening.map(({ path }) => path))
      for (const [key, { path, ends }] of this.#awaited) {
        const isWanted =
          ends !== undefined
            ? this.state.open[ends] !== undefined
            : path === undefined
              ? wanted.has(key)
              : listeners.has(path)
        if (!isWanted) this.#awaited.delete(key)
      }
    }
    for (const { key, want } of children) {
      if (want === 'cancel') this.#awaited.set(endOf(key), { at: this.#now, input: { type: 'childReleased', key } })
    }
  }
}

function heardBy(path: StepPath, eventId: string): string {
  return `${path} hears ${eventId}`
}

function startOf(key: string): string {
  return `child ${key} starts`
}

function endOf(key: string): string {
  return `child ${key} ends`
}

function timedOut(timeoutMs: number): Failure {
  return {
    kind: 'timedOut',
    code: 'attempt.timed_out',
    message: `The call took longer than ${timeoutMs / 1_000} s and was cut off. What it asked for may have happened.`,
    timeoutMs,
  }
}
