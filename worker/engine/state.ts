// state: where an execution is
//
// The journal is the truth; this is what folding it gives, and all that deciding needs. Plain JSON but for its maps, so it
// can be kept as text now and then (`snapshot.ts`).
//
//   S1. The state has one owner, the host that folds it: `evolve` changes it in place, because a loop of ten thousand
//       iterations must not copy its maps ten thousand times. A host that needs the past folds again, or clones.
//   S2. What lies in it (outputs, inputs, trigger data) is shared with the journal and never changed.
//   S3. Maps keyed by names that people chose have no prototype, so a node called `toString` is a node.
//   S4. It holds what is unfinished, not what has been: finished steps leave their output and nothing else.
//       History is shown from the journal (`projection.ts`).

import type { Chain } from '../contract/cause.ts'
import type { ExecutionStatus, TriggerKind } from '../contract/execution.ts'
import type { Failure } from '../contract/failure.ts'
import type { UserId } from '../contract/id.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { Aftermath, Undoable } from './aftermath/aftermath.ts'
import type { Asking, HookResponse } from './behaviour.ts'
import type { ChildCall, FinalStatus, GateRef, LoopRange, ParentLink, StepPath, Topic } from './event.ts'
import type { Frame, Group } from './frames.ts'
import type { Place } from './places.ts'
import type { Region } from './regions.ts'

/** A place on the graph where the execution goes on. */
export interface Token {
  readonly path: StepPath
  /** Whose outputs it sees first (`frames.ts`). */
  readonly frame: number
  /** The node it came from; null at the trigger. */
  readonly from: string | null
  /** Attempts that an earlier generation made; 0 otherwise. Numbers go on, so no report can be taken for another's. */
  readonly attempt: number
  /** Set when an earlier generation was waiting here: the wait keeps its instant. */
  readonly dueAt: number | null
  /** With what it is called, where somebody said so. */
  readonly input?: Json
}

interface Begun {
  readonly node: string
  readonly frame: number
  readonly from: string | null
}

/** Has branches of its own. Its token stays where it is until they have ended. */
export interface Branching extends Begun {
  readonly status: 'branching'
  /** Branches that go on, by name: the region each is. */
  readonly live: Record<string, number>
  /** In the order in which they ended. */
  readonly results: BranchResult[]
  readonly timeoutMs: number | null
  readonly dueAt: number | null
}

/** Goes round. Of an iteration that has ended, its result is left and nothing else. */
export interface Looping extends Begun {
  readonly status: 'looping'
  readonly range: LoopRange | null
  readonly atOnce: number
  /** The iteration to come. */
  next: number
  /** Iterations that go on: the region each is. */
  readonly live: Record<number, number>
  readonly results: Record<number, Json>
  readonly failures: { index: number; failure: Failure }[]
  /** Of the iteration that ended last. */
  last: Json
  skipped: number
  done: number
  /** Why no further one begins. */
  stopped: Json
}

/** What came of a branch. `frame` holds what it saw. */
export type BranchResult =
  | { readonly branch: string; readonly frame: number; readonly output: Json }
  | { readonly branch: string; readonly failure: Failure }

/** A step that calls the world. */
export interface Calling extends Begun {
  /**
   * The step's clock counts from here: its first attempt, moved on by the time in which nobody could work on it
   * (a dead process, no free place). An outage of ours does not use up a step's time.
   */
  readonly countedFrom: number
  readonly attempt: number
  /** Retries used up. Lost attempts are not among them. */
  readonly retries: number
  /** Attempts whose process died. */
  readonly losses: number
  /** A call of it was cut off: nobody knows whether that happened. */
  readonly unsure?: true
  readonly input: JsonObject
  /** Under which what it gives is kept. */
  readonly keepAs?: string
}

/** May not have to be called: what it gave before is being looked up. */
export interface Recalling extends Begun {
  readonly status: 'recalling'
  readonly key: string
  readonly since: number
  readonly input: JsonObject
  /** There is nothing: it waits for a free place among the calls in flight. */
  missed: boolean
}

/** Waits for an execution of another workflow: to be started, and to end. */
export interface Delegating extends Begun {
  readonly status: 'delegating'
  readonly key: string
  readonly at: number
  readonly call: ChildCall
  readonly waits: boolean
  readonly timeoutMs: number | null
  readonly dueAt: number | null
  /** Null until it is known to be there. */
  executionId: string | null
  hasEnded: boolean
}

/** A child that nobody waits for any more. */
export type Abandoned = Pick<Delegating, 'key' | 'at' | 'call'> & { readonly path: StepPath }

/** Waits for an instant, and where it has a topic for an event until then. */
export interface Waiting extends Begun {
  readonly status: 'waiting'
  readonly dueAt: number
  readonly topic?: Topic
  /** How often it asks by itself whether it is to go on, and when it does next. */
  readonly check?: { readonly everyMs: number; readonly at: number }
  /** People are asked, and decide. */
  readonly asking?: Asking
}

/** A step that has begun and not ended. Each status carries exactly what is true in it. */
export type OpenStep =
  | (Calling & { readonly status: 'running'; readonly leaseUntil: number })
  /** An attempt failed and nothing has been decided about it: never outlives a turn. */
  | (Calling & { readonly status: 'faulted'; readonly failure: Failure })
  /** An attempt was lost and nothing has been decided about it: never outlives a turn. */
  | (Calling & { readonly status: 'ambiguous' })
  /** To be called again, or (where it was held back, by `holder` if that may let go of it) at last. */
  | (Calling & { readonly status: 'retrying'; readonly dueAt: number; readonly holder?: string })
  | Recalling
  | Waiting
  | Delegating
  | Merging
  | Branching
  | Looping

/** Steps that end by what others do. A redrive opens them as they stood. */
export type Holding = Merging | Branching | Looping

/** Collects branches. What they saw is kept with them until they go on as one. */
export interface Merging extends Begun {
  readonly status: 'merging'
  /** The branches that belong together (`frames.ts`). */
  readonly group: Group
  /** In the order of their arrival; the first is the step itself. */
  readonly arrivals: Token[]
}

export interface ExecutionState {
  /** Of this shape. */
  readonly version: 1
  /** Of the last journal entry folded; 0 before the first. */
  seq: number
  /** When that entry was made. Time does not run backwards in an execution, whatever the clocks do. */
  at: number
  generation: number
  /** Null until started; then when this generation began is `generationAt`. */
  startedAt: number | null
  generationAt: number
  trigger: { nodeId: string; kind: TriggerKind; data: Json } | null
  /** Who called it, where another execution did. */
  parent: ParentLink | null
  /** The execution it is a fork of, from which step, and whether what goes out is only pretended. */
  origin: { executionId: string; path: StepPath; at: number; by: string; pretend: boolean } | null
  /** Of a fork: the execution by whose name chance is drawn, the first of its tree. Absent: its own. */
  chance?: string
  /** The chain in which it is, and who sent the event that began it, where that is known: for hosts. */
  cause?: Chain
  sender?: UserId
  vars: Record<string, Json>
  /** What every scope shows as `organization`: never changed once started. */
  organization: { vars: Record<string, Json> }
  /** What was read of the contact last (`live-contact.ts`); null as long as nothing was. */
  contact: Json
  /** Nothing is decided before the contact has been read. */
  awaitsContact: boolean
  /** The latest output by node. */
  outputs: Record<string, Json>
  /** The path that gave it, while its frame lives. */
  latest: Record<string, StepPath>
  /** Outputs that a later visit replaced and that another branch still sees. Almost always empty. */
  superseded: Record<StepPath, Json>
  /** How many more frames than one see a visit. Only where branches have met; read by `othersThatSee`. */
  shared: Record<StepPath, number>
  frames: Record<number, Frame>
  frameCount: number
  nextFrame: number
  /** By their first frame. */
  regions: Record<number, Region>
  /** By prefix: `each[3].`. */
  places: Record<string, Place>
  placeCount: number
  /** Regions that are over, in that order, and that their owners have not taken in. Almost always empty. */
  over: number[]
  /** How often a token has arrived at each node. */
  visits: Record<string, number>
  /** In the order of arrival. */
  ready: Token[]
  open: Record<StepPath, OpenStep>
  /** Children that are to be cancelled, by key. Almost always empty. */
  abandoned: Record<string, Abandoned>
  /** How many open steps are `running`. */
  inFlight: number
  /** Steps begun, and how many of them before this generation. */
  stepCount: number
  stepsBefore: number
  handledFailures: number
  /** What its journal holds, as `size.ts` counts it. */
  size: number
  lastOutput: Json
  response: HookResponse | null
  /** Why the execution is to fail, and the step that did. */
  failure: Failure | null
  failedAt: StepPath | null
  /** A node ended the execution. */
  ended: { status: 'completed' | 'failed' | 'cancelled'; reason?: string } | null
  cancelling: { by: string; reason: string } | null
  /** Nothing new begins until somebody says so. */
  paused: { at: number; by: string } | null
  /** Steps that completed and are undone when it fails, in that order. */
  undoable: Undoable[]
  /** What is done after it came to its end. */
  aftermath: Aftermath | null
  /** What it has to pass before anything begins. Almost always empty. */
  gates: readonly GateRef[]
  /** The gate whose place it keeps until it ends; a redrive asks for a place there again. */
  place: GateRef | null
  /** The gates of many workflows among those it has to pass, or has passed. Almost always empty. */
  sharedPlaces: readonly GateRef[]
  /** Time with an attempt in flight, in ms: what has been spent, and the stretch that is going on, if any. */
  activeMs: number
  activeSince: number | null
  /** When the last lease of that stretch ends. Time after it was nobody's: the process was dead. */
  activeUntil: number
  /** Where a redrive goes on: steps that failed or were cancelled, and tokens that were never looked at. */
  unfinished: Record<StepPath, Token | Holding>
  finished: { at: number; status: FinalStatus; output: Json; failure?: Failure } | null
}

const noGates: readonly GateRef[] = []

/** The state before anything happened. */
export function newState(): ExecutionState {
  return {
    version: 1,
    seq: 0,
    at: 0,
    generation: 1,
    startedAt: null,
    generationAt: 0,
    trigger: null,
    parent: null,
    origin: null,
    vars: emptyRecord(),
    organization: { vars: emptyRecord() },
    contact: null,
    awaitsContact: false,
    outputs: emptyRecord(),
    latest: emptyRecord(),
    superseded: emptyRecord(),
    shared: {},
    frames: {},
    frameCount: 0,
    nextFrame: 0,
    regions: {},
    places: {},
    placeCount: 0,
    over: [],
    visits: emptyRecord(),
    ready: [],
    open: emptyRecord(),
    abandoned: emptyRecord(),
    inFlight: 0,
    stepCount: 0,
    stepsBefore: 0,
    handledFailures: 0,
    size: 0,
    lastOutput: null,
    response: null,
    failure: null,
    failedAt: null,
    ended: null,
    cancelling: null,
    paused: null,
    undoable: [],
    aftermath: null,
    gates: noGates,
    place: null,
    sharedPlaces: noGates,
    activeMs: 0,
    activeSince: null,
    activeUntil: 0,
    unfinished: emptyRecord(),
    finished: null,
  }
}

/** What people call the state. `running` means that something is in flight or about to be; waits and backoffs wait. */
export function statusOf(state: ExecutionState): ExecutionStatus {
  if (state.finished !== null) return state.finished.status
  if (state.startedAt === null || state.gates.length > 0) return 'queued'
  if (state.paused !== null) return 'paused'
  return state.inFlight > 0 || state.ready.length > 0 ? 'running' : 'waiting'
}

/** A map without prototype: every key is its owner's. */
export function emptyRecord<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>
}

/** True when a map has no key, without listing them. */
export function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const _ in record) return false
  return true
}

/** Whether a step is a call, in whichever state. */
export function isCalling(step: OpenStep): step is Extract<OpenStep, Calling> {
  return 'attempt' in step
}
