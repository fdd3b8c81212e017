// behaviour
//
// What the engine asks of a node type, and no more. `nodes/` compiles a node of the graph into a `Behaviour` once per
// version; the engine never sees a node type's name, its params or an expression.
//
//   B1. `evaluate`, `resolve`, `until` and `combine` are pure, synchronous and bounded: same scope (and path), same answer.
//   B2. They throw `StepFailure` and nothing else; anything else that escapes is a bug and fails the step as such.
//   B3. `scope.steps` grows while the turn goes on, so what they return may hold its values but never the map itself:
//       an output that held it would come to hold itself. All other parts of a scope stay as they are.

import type { ApprovalRequest, CountedVote, Vote } from '../contract/approval.ts'
import type { Failure } from '../contract/failure.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { Appended } from './appended.ts'
import type { ChildCall, FinalStatus, LoopRange, StepPath, Topic } from './event.ts'

/** What a node may read while it is decided. `now` is the turn's instant in epoch ms, never a clock. */
export interface Scope {
  readonly trigger: Json
  /**
   * The output of each node that has run, by node id: the nearest on the way here, or the latest of a node that is not
   * on it. A step that failed and was handled gives `{ error }`.
   */
  readonly steps: Readonly<Record<string, Json>>
  readonly vars: Readonly<Record<string, Json>>
  /** What the organization lets all its workflows read, as it stood when the execution was started. */
  readonly organization: Readonly<{ vars: Readonly<Record<string, Json>> }>
  readonly execution: Readonly<{ id: string; generation: number; startedAt: string; mode: string }>
  readonly workflow: Readonly<{ id: string; name: string; version: number }>
  /** Of a fork: by whose name chance is drawn. Absent: by the execution's own. No expression can name it. */
  readonly chance?: string
  /** The contact as this turn found it, as far as the plan reads it; null: there is none. Absent where nothing reads it. */
  readonly contact?: Json
  readonly now: number
  /** Inside loops: the nearest iteration, and each one around it by the loop's node. */
  readonly loop?: LoopScope
  readonly loops?: Readonly<Record<string, LoopScope>>
  /** While an error handler runs: what it is told. */
  readonly failed?: Json
}

/** What one iteration of a loop can read about itself. */
export type LoopScope = {
  /** What it is for: an entry of the list, or the number. Null where a loop goes through nothing. */
  item: Json
  /** From 0. */
  index: number
  /** How many there will be, where that is known. */
  total: number | null
  isFirst: boolean
  isLast: boolean
  /** What the iteration before gave; null for the first, and where several go on at a time. */
  previous: Json
}

/** The answer a webhook's sender gets, where the trigger lets a node decide it. */
export interface HookResponse {
  status: number
  headers: Record<string, string>
  body: Json
}

/** What came of a step. */
export interface Outcome {
  output: Json
  /** The way out. Edges from other ports are not taken. */
  port: string
  /** Why this way: data small enough to keep and to show. */
  because?: Json
  /** Variables to set from here on. */
  vars?: Record<string, Json>
  /** Entries to add to the list of a variable from here on. */
  appended?: Appended
  response?: HookResponse
  /** Ends the execution here and now: other branches are cancelled. */
  end?: { status: 'completed' | 'failed' | 'cancelled'; reason?: string }
}

export type Behaviour =
  /** Completes inside the turn. `path` tells one visit of the node from another; without it nothing is executed yet. */
  | { readonly kind: 'pure'; evaluate(scope: Scope, path?: StepPath): Outcome }
  /** Acts on the world: the shell performs it with the input that `resolve` gave, which is recorded first. */
  | { readonly kind: 'effect'; resolve(scope: Scope): JsonObject }
  /** Goes on at an instant (epoch ms). One in the past completes inside the turn, and so does an outcome. */
  | { readonly kind: 'wait'; until(scope: Scope, path?: StepPath): number | Outcome }
  | ListenBehaviour
  | ApprovalBehaviour
  /** Goes on when so many branches have come (null: all that can), with what `combine` makes of them. */
  | { readonly kind: 'merge'; readonly needs: number | null; combine(arrived: readonly Arrived[]): Outcome }
  | ParallelBehaviour
  | LoopBehaviour
  | GoToBehaviour
  | ChildBehaviour

/** Goes on when an event comes that it takes, when what it asks again and again is so, or when its time is over. */
export interface ListenBehaviour {
  readonly kind: 'listen'
  /** What it listens for, until when (epoch ms), and how often it asks by itself; or what is so already. */
  begin(scope: Scope): { topic: Topic; dueAt: number; everyMs: number | null } | Outcome
  /** What comes of an event; null: it is not the one. */
  take(scope: Scope, event: Heard): Outcome | null
  /** What is asked every so often even if nothing comes. */
  ask(scope: Scope): Outcome | null
  lapse(scope: Scope): Outcome
}

/** Asks people, and goes on when what they decided amounts to something, or when its time is over. */
export interface ApprovalBehaviour {
  readonly kind: 'approval'
  /** What is asked, of whom, until when (epoch ms); or what is decided already. */
  begin(scope: Scope): { request: ApprovalRequest; dueAt: number } | Outcome
  /** Why a decision does not count; null when it does. `involved`: who started the execution or edited the workflow. */
  judge(asking: Asking, vote: Vote, involved: readonly { userId: string; email: string }[]): string | null
  /** What the decisions amount to; null: more are needed. */
  settle(asking: Asking): Outcome | null
  lapse(request: ApprovalRequest, votes: readonly CountedVote[]): Outcome
}

/** How an approval stands. */
export interface Asking {
  readonly request: ApprovalRequest
  /** In the order in which they came. */
  readonly votes: readonly CountedVote[]
  /** How many reminders have been due. */
  readonly reminded: number
  readonly escalated: boolean
}

/** An event as a listening step hears it: what a workflow that it starts reads as `trigger`, and when it was accepted. */
export interface Heard {
  readonly id: string
  readonly type: string
  /** Epoch ms. */
  readonly at: number
  readonly data: Json
}

/** Has branches of its own, one per port, and goes on when enough of them have ended; what is left then is cut off. */
export interface ParallelBehaviour {
  readonly kind: 'parallel'
  /** Ports, in the order in which the branches begin. */
  readonly branches: readonly string[]
  /** All branches, the first to end however it ended, or the first to succeed. */
  readonly waitFor: 'all' | 'any' | 'first'
  /** Whether a failed branch fails the step. Of those that wait for one to succeed all have to. */
  readonly stopsAtFailure: boolean
  readonly timeoutMs: number | null
  /** In the order in which they ended; those that were cut off are not among them. */
  combine(results: readonly BranchOutcome[]): Outcome
}

/** Goes round. An iteration begins at the port `body` and is over when nothing goes on in it any more. */
export interface LoopBehaviour {
  readonly kind: 'loop'
  readonly body: string
  /** What it goes through; null: on and on, as long as `goesOn` says so. */
  range(scope: Scope): LoopRange | null
  /** Asked after each iteration, in its scope but for the next index; and before the first one if `asksFirst`. */
  readonly goesOn: Guard | null
  readonly asksFirst: boolean
  /** Asked before an iteration: whether to pass it over. */
  readonly skips: Guard | null
  /** Asked after each iteration, in its scope: whether it was the last. */
  readonly breaks: Guard | null
  /** What an iteration gives, read in its scope; null: the output of the step which completed last in it. */
  readonly collect: ((scope: Scope) => Json) | null
  /** Whether what the iterations give is kept. */
  readonly keeps: boolean
  /** How many iterations go on at a time. */
  readonly atOnce: number
  readonly maxIterations: number
  /** Whether it is a failure that there would be more iterations than it may have. */
  readonly failsAtLimit: boolean
  readonly stopsAtFailure: boolean
  /** `collected` names the key under which the results are put. */
  combine(summary: LoopSummary): Outcome & { collected?: string }
}

/** Sends its token to wherever its port `jump` leads, which may be back, and on at `onward` when that was enough. */
export interface GoToBehaviour {
  readonly kind: 'goTo'
  readonly jump: string
  readonly onward: string
  /** How often tokens may be sent to one target, by all nodes that send there; by iteration inside loops. */
  readonly limit: number
  /** Whether it is a failure that there would be more. */
  readonly failsAtLimit: boolean
}

/** Starts an execution of another workflow, and goes on when that has ended, or has been started. */
export interface ChildBehaviour {
  readonly kind: 'child'
  resolve(scope: Scope): ChildCall
  /** Whether it waits for the end; then a child that is not wanted any more is cancelled. */
  readonly waits: boolean
  /** After this the child is cancelled. */
  readonly timeoutMs: number | null
  /** Whether the step fails when the child does, or cannot be started. */
  readonly failsWithChild: boolean
  combine(scope: Scope, end: ChildEnd): Outcome
}

/** How a child ended; `started` where nobody waits for that. */
export interface ChildEnd {
  /** Null when it could not be started. */
  readonly executionId: string | null
  readonly status: FinalStatus | 'started'
  readonly output: Json
  readonly failure?: Failure
}

export interface LoopSummary {
  /** Iterations that ended, failed ones included, and those that were passed over. */
  readonly done: number
  readonly skipped: number
  readonly failures: readonly { index: number; item: Json; failure: Failure }[]
  /** Why it ended before it was through; null when it was. */
  readonly stopped: Json
}

/** What came of one of a step's own branches. */
export type BranchOutcome =
  | { readonly branch: string; readonly output: Json }
  | { readonly branch: string; readonly failure: Failure }

/** What a branch brings to a merge. */
export interface Arrived {
  /** The node it came from; `score#2` when that one sends a second. */
  branch: string
  output: Json
  /** Which one of the nodes that lead here, counted from 0; the list itself is in the order of arrival. */
  place: number
}

/** Decides before a step begins whether it is to be executed. Held to B1 and B2. */
export type Guard = (scope: Scope) => { readonly result: boolean; readonly because: Json }

/** Thrown by a behaviour: why the step cannot be done. */
export class StepFailure extends Error {
  override name = 'StepFailure'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}
