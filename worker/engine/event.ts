import type { ApprovalRequest, Vote } from '../contract/approval.ts'
import type { Chain } from '../contract/cause.ts'
import type { ExecutionStatus, TriggerKind } from '../contract/execution.ts'
import type { GateKind } from '../contract/concurrency.ts'
import type { ExecutionEdits } from '../contract/fork.ts'
import type { Failure } from '../contract/failure.ts'
import type { UserId } from '../contract/id.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { AftermathEvent } from './aftermath/aftermath.ts'
import type { Appended } from './appended.ts'
import type { HookResponse } from './behaviour.ts'
import type { ControlEvent } from './control/control.ts'

/**
 * Where a step is: the node's id, and which visit (`score`, `score#2`). Loops will add their iterations
 * (`each[3].score`). One path is one step, with its own attempts and its own idempotency key.
 */
export type StepPath = string

/**
 * What has happened in an execution, and what was decided about it.
 *
 * Decisions are events too (`retryScheduled`, the `next` of a completed step): they are recorded once and never
 * recomputed, so a release that decides differently cannot change the past of a live execution, and folding a
 * journal needs no plan, no clock and no policy. Times are epoch ms.
 */
export type ExecutionEvent =
  | ControlEvent
  | AftermathEvent
  | {
      type: 'started'
      at: number
      trigger: { nodeId: string; kind: TriggerKind; data: Json }
      vars: Record<string, Json>
      /** The organization's variables; absent when the host gave none. */
      organizationVars?: Record<string, Json>
      /** Who called it, where another execution did. */
      parent?: ParentLink
      /** What it has to pass before anything begins, in this order. */
      gates?: readonly GateRef[]
      /** The chain in which it is, and the member who sent the event that began it. Nothing is decided by them here. */
      cause?: Chain
      sender?: UserId
    }
  /** It may go on as far as this gate is concerned. After the last one the first step begins. */
  | { type: 'gatePassed'; at: number; gate: GateKind }
  /** What is read of the contact is this from here on. Null: there is no such contact. */
  | { type: 'contactRead'; at: number; contact: Json }
  /** The contact could not be read: nothing is decided before it has been. */
  | { type: 'contactAwaited'; at: number }
  | {
      type: 'attemptStarted'
      at: number
      path: StepPath
      node: string
      attempt: number
      /** After this the process that made the call counts as dead. */
      leaseUntil: number
      /** The params, recorded with the first attempt of a generation; absent means the same again. */
      input?: JsonObject
    }
  | {
      /** Before it is called: whether what it gave for this key is known. It is called with `input` when that is not so. */
      type: 'resultSought'
      at: number
      path: StepPath
      node: string
      key: string
      input: JsonObject
    }
  /** It is not, or it was too long ago, or nobody could say. */
  | { type: 'resultMissed'; at: number; path: StepPath }
  | { type: 'attemptFailed'; at: number; path: StepPath; attempt: number; failure: Failure }
  /** The process died in mid-call: nobody knows whether it happened. Asked again under the same key. */
  | { type: 'attemptLost'; at: number; path: StepPath; attempt: number }
  /** Its lease was over, and the process that makes the call has it in flight all the same: it began late, or is slow. */
  | { type: 'leaseRenewed'; at: number; path: StepPath; leaseUntil: number }
  | { type: 'retryScheduled'; at: number; path: StepPath; dueAt: number }
  | {
      /** It was not made: the host holds it back until then, and says why. Uses up no retry. */
      type: 'attemptDeferred'
      at: number
      path: StepPath
      attempt: number
      dueAt: number
      reason: { code: string; message: string }
      /** The wait is not counted as the step's time. */
      free?: true
      /** Who holds it back, where that may let go of it sooner. */
      holder?: string
    }
  /** Nothing holds it back any more: it is due now. */
  | { type: 'attemptReleased'; at: number; path: StepPath }
  /** `topic`: it also waits for an event; `everyMs`: so often it asks by itself whether it is to go on. */
  | {
      type: 'waitStarted'
      at: number
      path: StepPath
      node: string
      dueAt: number
      topic?: Topic
      everyMs?: number
      /** What people are asked. */
      approval?: ApprovalRequest
    }
  /** Somebody decided, and it counts. */
  | { type: 'approvalVoted'; at: number; path: StepPath; node: string; vote: Vote }
  /** A reminder was due, or from now on others may decide too. */
  | { type: 'approvalNudged'; at: number; path: StepPath; node: string; nudge: 'reminder' | 'escalation' }
  /** It asked, and it was not. */
  | { type: 'waitChecked'; at: number; path: StepPath; node: string }
  | {
      /** A step that has branches of its own (`regions.ts`) began them. */
      type: 'branchesStarted'
      at: number
      path: StepPath
      node: string
      branches: { branch: string; next: StepPath[] }[]
      /** What has not ended by then is cut off. */
      timeoutMs?: number
    }
  | {
      /** Nothing goes on any more in one of them. */
      type: 'branchEnded'
      at: number
      path: StepPath
      branch: string
      /** Absent when it is that of the step which completed last in it. */
      output?: Json
      failure?: Failure
    }
  | {
      /** A step began to go round: through this range, or (null) until it says stop; so many at a time. */
      type: 'loopStarted'
      at: number
      path: StepPath
      node: string
      range: LoopRange | null
      atOnce: number
      /** No iteration begins at all, and why. */
      stopped?: Json
    }
  | { type: 'iterationStarted'; at: number; path: StepPath; index: number; next: StepPath[] }
  | { type: 'iterationSkipped'; at: number; path: StepPath; index: number; because: Json }
  | {
      type: 'iterationEnded'
      at: number
      path: StepPath
      index: number
      /** What it gives. Absent when that is the output of the step `of`, which completed last in it, or nothing. */
      output?: Json
      of?: StepPath
      /** False: it leaves nothing behind. */
      keep?: false
      failure?: Failure
      /** No further iteration begins, and why. */
      stopped?: Json
    }
  | {
      /** A step wants an execution of another workflow. */
      type: 'childCalled'
      at: number
      path: StepPath
      node: string
      child: ChildCall
      /** False: the step goes on as soon as the child is there. */
      waits: boolean
      timeoutMs?: number
    }
  | { type: 'childStarted'; at: number; path: StepPath; executionId: string }
  /** It has ended, or (without an id) could not be started. What follows from that is the next event. */
  | { type: 'childEnded'; at: number; path: StepPath; executionId: string | null; status: FinalStatus }
  /** A child that was not wanted any more knows it. `key` is that of its order (`effect.ts`). */
  | { type: 'childReleased'; at: number; key: string }
  /** Ready steps that are not wanted any more: they never begin. */
  | { type: 'tokensDropped'; at: number; paths: StepPath[] }
  | {
      /** A branch came to a merge. */
      type: 'branchArrived'
      at: number
      path: StepPath
      node: string
      /** The step it joins: itself when it is the first. Null: it came too late, and ends here. */
      into: StepPath | null
      /** The node at which the branches of this merge part: those of one visit belong together. */
      origin: string
    }
  | {
      type: 'stepCompleted'
      at: number
      path: StepPath
      node: string
      /** Absent when it is the trigger's data: a large payload lies in the journal once. */
      output?: Json
      /** The key of the output under which the results of the step's iterations are put. */
      collected?: string
      port: string
      /** The steps that became ready by this one. */
      next: StepPath[]
      because?: Json
      vars?: Record<string, Json>
      /** To the list of a variable. */
      appended?: Appended
      response?: HookResponse
      /** Ends the execution here: what else is open is cancelled. */
      end?: { status: 'completed' | 'failed' | 'cancelled'; reason?: string }
      /** It was not called: this is what it gave then. */
      cachedAt?: number
      /** Its output may be used by others under this key. */
      keepAs?: string
      /** It is undone when the execution fails. */
      undo?: true
      /** The node to which it sent its token on: counted by target. */
      jumpedTo?: string
      /** Passed through: the node is disabled, or `because` says why it was not to be executed. */
      skipped?: true
      /** Of a fork: it was under way there, and its origin has done it since. */
      kept?: true
    }
  | {
      type: 'stepFailed'
      at: number
      path: StepPath
      node: string
      failure: Failure
      /**
       * `stop` fails the execution; `continue` and `branch` go on with the error as data; `above` ends the branch or
       * iteration it lies in, whose owner knows what to do.
       */
      handled: 'stop' | 'continue' | 'branch' | 'above'
      /** The error as data, where the execution goes on. */
      output?: Json
      next: StepPath[]
      /** It may have happened, and is undone when the execution fails: this is what that reads as its output. */
      undo?: { output: Json }
    }
  /** `dropped`: no redrive takes it up again; `undo` as above. */
  | {
      type: 'stepCancelled'
      at: number
      path: StepPath
      node: string
      failure: Failure
      dropped?: true
      undo?: { output: Json }
    }
  | { type: 'cancelRequested'; at: number; by: string; reason: string }
  /** Whatever was ready or open is given up; one token goes on at `next`. `key` tells one order to do so from another. */
  | { type: 'redirected'; at: number; by: string; reason: string; next: StepPath; key?: string }
  | {
      type: 'redriven'
      at: number
      by: string
      generation: number
      next: StepPath[]
      /** Steps that go on where they stood: merges that had begun to collect, steps with branches of their own. */
      reopened?: StepPath[]
      /** What is different from here on (`fork/edits.ts`). */
      edits?: ExecutionEdits
      /** What it has to pass before it goes on. */
      gates?: readonly GateRef[]
      /** The chain in which it goes on, where a step of another execution had it tried again. */
      cause?: Chain
    }
  | {
      /**
       * From here on it is another execution than the one whose journal this is up to here (`fork/fork-journal.ts`). `next`
       * and `reopened` as in a redrive; `version`: the number of that with which it goes on, where it is another.
       */
      type: 'forked'
      at: number
      by: string
      from: { executionId: string; path: StepPath }
      generation: number
      next: StepPath[]
      reopened?: StepPath[]
      /** Nothing of it goes out: what calls give is made up. */
      pretend?: true
      /** What it has to pass before it goes on. */
      gates?: readonly GateRef[]
      edits?: ExecutionEdits
      version?: number
      /** By whose name chance is drawn from here on, which is that of the first origin; absent: by its own. */
      chance?: string
      /** The chain in which it goes on. */
      cause?: Chain
      /** Variables that the other version has and this execution had not. */
      vars?: Record<string, Json>
    }
  | {
      /** From the next event on another version decides. Variables as above. */
      type: 'migrated'
      at: number
      by: string
      from: VersionRef
      to: VersionRef
      vars?: Record<string, Json>
    }
  /** `output` is absent when it is that of the step which completed last. */
  | { type: 'finished'; at: number; status: FinalStatus; output?: Json; failure?: Failure }

/** A version of a workflow. `number` is 0 for a draft that was frozen to be tried. */
export interface VersionRef {
  id: string
  number: number
}

/** One gate of a workflow: those of other keys are others. The key is null where all executions pass the same one. */
export interface GateRef {
  gate: GateKind
  key: string | null
}

/** What a step calls another workflow with. */
export interface ChildCall {
  workflowId: string
  input: Json
}

/** The step that called this execution. Its key tells calls of that step in different generations apart. */
export interface ParentLink {
  executionId: string
  path: StepPath
  key: string
  /** How many executions are above this one: 1 or more. */
  depth: number
}

/** Which events a step waits for. */
export interface Topic {
  /** An event type, or a pattern such as `order.*`. */
  match: string
  /** Events about this contact and no other; null: any event of the type. */
  contact: string | null
  /** Events accepted before this instant do not count, in epoch ms. One before the wait began looks back. */
  since: number
}

/** What a loop goes through: a list, or numbers. */
export type LoopRange = { items: readonly Json[] } | { from: number; step: number; total: number }

/** How an execution can end. */
export type FinalStatus = Extract<
  ExecutionStatus,
  'completed' | 'completed_with_errors' | 'failed' | 'cancelled' | 'timed_out' | 'skipped'
>

/** All that one turn of the engine added to the journal: one row. `seq` counts turns from 1. */
export interface JournalEntry {
  seq: number
  at: number
  events: ExecutionEvent[]
}
