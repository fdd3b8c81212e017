// check-legal: what no journal may ever hold, whatever the workflow
//
//        ┌──────────────────────────────────────────────► completed │ failed
//   called for ──► running ──► faulted ──► retrying ──┐
//        │            ▲  └──► ambiguous ──┐           │
//        │            ├───────────────────┴───────────┤      open ──► cancelled
//        │            └──────── held back ────────────┘
//        ├───────► waiting ──► completed
//        ├───────► merging ──► completed │ failed          or joined: taken in by another step
//        ├───────► branching ──► completed │ failed
//        ├───────► looping ──► completed │ failed
//        ├───────► recalling ──► running │ completed
//        └───────► delegating ──► completed │ failed

import type { AftermathEvent } from '../../../worker/engine/aftermath/aftermath.ts'
import type { ExecutionEvent, JournalEntry } from '../../../worker/engine/event.ts'
import { mayHaveHappened } from './failures.ts'

type Phase =
  | 'called'
  | 'running'
  | 'faulted'
  | 'ambiguous'
  | 'retrying'
  | 'waiting'
  | 'merging'
  | 'joined'
  | 'branching'
  | 'looping'
  | 'delegating'
  | 'recalling'
  | 'completed'
  | 'failed'
  | 'cancelled'

type StepEvent = Exclude<
  ExecutionEvent,
  {
    type:
      | 'started'
      | 'gatePassed'
      | 'paused'
      | 'resumed'
      | 'finished'
      | 'redriven'
      | 'forked'
      | 'migrated'
      | 'cancelRequested'
      | 'redirected'
      | 'tokensDropped'
      | 'childReleased'
      | AftermathEvent['type']
      | 'contactRead'
      | 'contactAwaited'
  }
>

/** From which phases an event may come, and the phase it leads to. */
const moves: Record<StepEvent['type'], { from: Phase[]; to: Phase }> = {
  resultSought: { from: ['called'], to: 'recalling' },
  resultMissed: { from: ['recalling'], to: 'recalling' },
  attemptStarted: { from: ['called', 'recalling', 'ambiguous', 'retrying'], to: 'running' },
  attemptFailed: { from: ['running'], to: 'faulted' },
  attemptLost: { from: ['running'], to: 'ambiguous' },
  retryRequested: { from: ['running', 'faulted', 'ambiguous', 'retrying'], to: 'retrying' },
  leaseRenewed: { from: ['running'], to: 'running' },
  retryScheduled: { from: ['faulted'], to: 'retrying' },
  attemptDeferred: { from: ['running'], to: 'retrying' },
  attemptReleased: { from: ['retrying'], to: 'retrying' },
  waitChecked: { from: ['waiting'], to: 'waiting' },
  approvalVoted: { from: ['waiting'], to: 'waiting' },
  approvalNudged: { from: ['waiting'], to: 'waiting' },
  waitStarted: { from: ['called'], to: 'waiting' },
  childCalled: { from: ['called'], to: 'delegating' },
  childStarted: { from: ['delegating'], to: 'delegating' },
  childEnded: { from: ['delegating'], to: 'delegating' },
  branchArrived: { from: ['called'], to: 'joined' },
  branchesStarted: { from: ['called'], to: 'branching' },
  branchEnded: { from: ['branching'], to: 'branching' },
  loopStarted: { from: ['called'], to: 'looping' },
  iterationStarted: { from: ['looping'], to: 'looping' },
  iterationSkipped: { from: ['looping'], to: 'looping' },
  iterationEnded: { from: ['looping'], to: 'looping' },
  stepCompleted: {
    from: ['called', 'running', 'waiting', 'merging', 'branching', 'looping', 'delegating', 'recalling'],
    to: 'completed',
  },
  stepFailed: {
    from: ['called', 'running', 'faulted', 'ambiguous', 'waiting', 'merging', 'branching', 'looping', 'delegating'],
    to: 'failed',
  },
  stepCancelled: {
    from: [
      'running',
      'faulted',
      'ambiguous',
      'retrying',
      'waiting',
      'merging',
      'branching',
      'looping',
      'delegating',
      'recalling',
    ],
    to: 'cancelled',
  },
}

const openPhases: (Phase | undefined)[] = [
  'running',
  'faulted',
  'ambiguous',
  'retrying',
  'waiting',
  'merging',
  'branching',
  'looping',
  'delegating',
  'recalling',
]

/** What does not happen while an execution is paused. */
const beginnings = new Set<ExecutionEvent['type']>([
  'attemptStarted',
  'resultSought',
  'waitStarted',
  'childCalled',
  'branchesStarted',
  'branchArrived',
  'loopStarted',
  'iterationStarted',
])

/** Throws unless the journal is one that the engine may write. */
export function checkLegal(entries: readonly JournalEntry[]): void {
  const journal = new Legality()
  for (const entry of entries) journal.add(entry)
}

/** The same, entry by entry. */
export class Legality {
  readonly #steps = new Map<string, Phase>()
  readonly #attempts = new Map<string, number>()
  readonly #owners = new Map<string, 'branching' | 'looping'>()
  readonly #iterations = new Map<string, 'begun' | 'ended'>()
  readonly #dropped = new Set<string>()
  /** Children that were called and waited for, and of each step the last. */
  readonly #called = new Set<string>()
  readonly #keys = new Map<string, string>()
  #generation = 1
  #aftermath = 'none'
  #undoable: string[] = []
  /** Steps of which a call was cut off. */
  readonly #unsure = new Set<string>()
  #isHandled = false
  readonly #waiting = new Set<string>()
  #phase: 'new' | 'started' | 'finished' = 'new'
  #isPaused = false
  /** Gates that are still to be passed, in order. */
  #gates: string[] = []
  #inFlight = 0
  #seq = 0
  #at = -Infinity

  add({ seq, at, events }: JournalEntry): void {
    demand(seq === this.#seq + 1, `turn ${seq} follows turn ${this.#seq}`)
    demand(at >= this.#at, `time ran back from ${this.#at} to ${at}`)
    demand(events.length > 0, 'a turn without events is no entry')
    this.#seq = seq
    this.#at = at
    for (const event of events) this.#addEvent(event, at)
  }

  #addEvent(event: ExecutionEvent, at: number): void {
    demand(event.at === at, event)
    if (event.type === 'childReleased') return this.#release(event)
    demand((this.#phase === 'finished') === (event.type === 'redriven'), event)
    demand((!this.#isPaused && this.#gates.length === 0) || !beginnings.has(event.type), event)
    switch (event.type) {
      case 'paused':
      case 'resumed':
        demand(this.#phase === 'started' && this.#isPaused === (event.type === 'resumed'), event)
        this.#isPaused = event.type === 'paused'
        return
      case 'started':
        demand(this.#phase === 'new', event)
        this.#phase = 'started'
        this.#gates = (event.gates ?? []).map(({ gate }) => gate)
        this.#steps.set(event.trigger.nodeId, 'called')
        return
      case 'gatePassed':
        demand(this.#phase === 'started' && this.#gates.shift() === event.gate, event)
        return
      case 'finished':
        for (const phase of this.#steps.values()) demand(!openPhases.includes(phase), event)
        demand(this.#aftermath === 'none' || this.#aftermath === 'between', event)
        this.#aftermath = 'none'
        this.#isHandled = false
        this.#waiting.clear()
        this.#phase = 'finished'
        this.#isPaused = false
        this.#gates = []
        return
      case 'redriven':
        this.#phase = 'started'
        this.#gates = (event.gates ?? []).map(({ gate }) => gate)
        this.#generation = event.generation
        for (const path of event.next) {
          demand(['called', 'failed', 'cancelled'].includes(this.#steps.get(path) ?? ''), event)
          demand(!this.#dropped.has(path), event)
          this.#steps.set(path, 'called')
        }
        for (const path of event.reopened ?? []) {
          demand(['failed', 'cancelled'].includes(this.#steps.get(path) ?? ''), event)
          this.#steps.set(path, this.#owners.get(path) ?? 'merging')
        }
        return
      case 'forked':
        demand(this.#phase === 'started', event)
        demand(event.generation === this.#generation + 1, event)
        this.#generation = event.generation
        this.#isPaused = false
        this.#gates = (event.gates ?? []).map(({ gate }) => gate)
        if (event.pretend !== true) this.#inFlight = 0
        for (const path of event.next) {
          const phase = this.#steps.get(path)
          demand(openPhases.includes(phase) || ['called', 'failed', 'cancelled'].includes(phase ?? ''), event)
          demand(!this.#dropped.has(path) && !this.#owners.has(path), event)
          this.#steps.set(path, 'called')
        }
        for (const path of event.reopened ?? []) this.#steps.set(path, this.#owners.get(path) ?? 'merging')
        if (event.pretend === true) return
        // Neither the children nor what can be undone is its own.
        this.#called.clear()
        this.#undoable = []
        return
      case 'migrated':
        demand(this.#phase === 'started' && this.#inFlight === 0, event)
        return
      case 'cancelRequested':
      case 'contactRead':
      case 'contactAwaited':
        return
      case 'aftermathStarted':
      case 'undoStarted':
      case 'undoEnded':
      case 'handlerStarted':
      case 'handlerEnded':
        this.#addAftermath(event)
        return
      case 'redirected':
        for (const [path, phase] of this.#steps) {
          demand(!openPhases.includes(phase), event)
          if (phase === 'called') this.#steps.set(path, 'cancelled')
        }
        demand(!this.#steps.has(event.next), event)
        this.#steps.set(event.next, 'called')
        return
      case 'tokensDropped':
        for (const path of event.paths) {
          demand(this.#steps.get(path) === 'called', event)
          this.#steps.set(path, 'cancelled')
          this.#dropped.add(path)
        }
        return
      default:
        this.#addStepEvent(event)
    }
  }

  /**
   * Once all has ended: each step that can be undone at most once, the last first, then the handler, one after the other.
   * What one of them began has ended before the next begins.
   */
  #addAftermath(event: AftermathEvent): void {
    for (const phase of this.#steps.values()) demand(!openPhases.includes(phase), event)
    demand((this.#aftermath === 'none') === (event.type === 'aftermathStarted'), event)
    switch (event.type) {
      case 'aftermathStarted':
        this.#aftermath = 'between'
        if (!event.undoes) this.#undoable = []
        // Each once, as it was the last time.
        this.#undoable = this.#undoable.filter((path, at, all) => all.lastIndexOf(path) === at)
        if (event.status === 'cancelled') this.#isPaused = false
        // Called for and never begun: no part of it is.
        for (const [path, phase] of this.#steps) if (phase === 'called') this.#waiting.add(path)
        return
      case 'undoStarted':
        demand(this.#aftermath === 'between' && this.#undoable.at(-1) === event.path, event)
        this.#undoable.pop()
        this.#aftermath = `undo ${event.path}`
        this.#call(event.next, event)
        return
      case 'undoEnded':
        if (this.#aftermath === 'between') {
          demand(this.#undoable.pop() === event.path && event.failure !== undefined, event)
        } else demand(this.#aftermath === `undo ${event.path}`, event)
        this.#demandNothingCalled(event)
        this.#aftermath = 'between'
        return
      case 'handlerStarted':
        demand(this.#aftermath === 'between' && this.#undoable.length === 0 && !this.#isHandled, event)
        this.#aftermath = 'handler'
        this.#isHandled = true
        this.#call(event.next, event)
        return
      case 'handlerEnded':
        demand(this.#aftermath === 'handler', event)
        this.#demandNothingCalled(event)
        this.#aftermath = 'between'
        return
      default:
        event satisfies never
    }
  }

  #demandNothingCalled(event: ExecutionEvent): void {
    for (const [path, phase] of this.#steps) demand(phase !== 'called' || this.#waiting.has(path), event)
  }

  #call(next: readonly string[], event: ExecutionEvent): void {
    for (const path of next) {
      demand(!this.#steps.has(path), event)
      this.#steps.set(path, 'called')
    }
  }

  /** A child that was called and that its step left, once; also when all else is over. */
  #release({ key, ...event }: ExecutionEvent & { type: 'childReleased' }): void {
    demand(this.#called.has(key), { key, ...event })
    this.#called.delete(key)
    const path = key.slice(key.indexOf('/') + 1)
    demand(this.#steps.get(path) !== 'delegating' || this.#keys.get(path) !== key, { key, ...event })
  }

  #addStepEvent(event: StepEvent): void {
    const { from, to } = moves[event.type]
    const was = this.#steps.get(event.path)
    const isLeft = event.type === 'stepCompleted' && event.skipped === true && openPhases.includes(was)
    demand(isLeft || (was !== undefined && from.includes(was)), event)
    this.#steps.set(event.path, to)
    if (was === 'running') this.#inFlight -= 1
    if (event.type === 'branchArrived' && event.into === event.path) this.#steps.set(event.path, 'merging')
    else if (event.type === 'branchArrived' && event.into !== null) {
      demand(this.#steps.get(event.into) === 'merging', event)
    }
    const isAmbiguous = event.type === 'attemptFailed' && mayHaveHappened(event.failure)
    const isGivenUp = was === 'running' && event.type !== 'attemptFailed' && event.type !== 'attemptDeferred'
    if (isAmbiguous || isGivenUp) this.#unsure.add(event.path)
    if ((event.type === 'stepFailed' || event.type === 'stepCancelled') && event.undo !== undefined) {
      demand(this.#aftermath === 'none' && this.#unsure.has(event.path), event)
      this.#undoable.push(event.path)
    }
    if (event.type === 'stepCompleted' && event.undo === true) {
      const isDone = event.skipped !== true || this.#unsure.has(event.path)
      demand(this.#aftermath === 'none' && isDone && event.cachedAt === undefined, event)
      this.#undoable.push(event.path)
    }
    if (event.type === 'attemptStarted') {
      this.#inFlight += 1
      demand(this.#inFlight <= 5, event)
      demand(event.attempt === (this.#attempts.get(event.path) ?? 0) + 1, event)
      this.#attempts.set(event.path, event.attempt)
    }
    if (event.type === 'childCalled') {
      const key = `${this.#generation}/${event.path}`
      demand(!this.#called.has(key), event)
      if (event.waits) this.#called.add(key)
      this.#keys.set(event.path, key)
    }
    if (event.type === 'childEnded') this.#called.delete(this.#keys.get(event.path) ?? '')
    if (event.type === 'branchesStarted') this.#owners.set(event.path, 'branching')
    if (event.type === 'loopStarted') this.#owners.set(event.path, 'looping')
    if ('index' in event) this.#addIteration(event)
    if (event.type === 'stepCancelled' && event.dropped === true) this.#dropped.add(event.path)
    const next = event.type === 'branchesStarted' ? event.branches.flatMap((branch) => branch.next) : nextOf(event)
    this.#call(next, event)
  }

  /** Each begins once, in order, and ends once. */
  #addIteration(event: StepEvent & { index: number }): void {
    const { path, index, type } = event
    const id = `${path}[${index}]`
    if (type === 'iterationEnded') demand(this.#iterations.get(id) === 'begun', event)
    else {
      demand(!this.#iterations.has(id), event)
      demand(index === 0 || this.#iterations.has(`${path}[${index - 1}]`), event)
    }
    this.#iterations.set(id, type === 'iterationStarted' ? 'begun' : 'ended')
  }
}

function nextOf(event: StepEvent): string[] {
  return 'next' in event ? event.next : []
}

function demand(legal: boolean, what: string | ExecutionEvent): void {
  if (!legal) throw new Error(`not legal: ${typeof what === 'string' ? what : JSON.stringify(what)}`)
}
