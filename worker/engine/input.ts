import type { Vote } from '../contract/approval.ts'
import type { Chain } from '../contract/cause.ts'
import type { TriggerKind } from '../contract/execution.ts'
import type { GateKind } from '../contract/concurrency.ts'
import type { ExecutionEdits } from '../contract/fork.ts'
import type { Failure } from '../contract/failure.ts'
import type { UserId } from '../contract/id.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { ChildEnd, Heard, Outcome } from './behaviour.ts'
import type { ControlInput } from './control/control.ts'
import type { FinalStatus, GateRef, ParentLink, StepPath, VersionRef } from './event.ts'

/**
 * What the shell tells the engine. A report about an attempt that is no longer current (late, twice, cancelled) changes
 * nothing, so every input may be given more than once.
 */
export type Input =
  | ControlInput
  | {
      type: 'start'
      trigger: { nodeId: string; kind: TriggerKind; data: Json }
      /** The organization's variables, read only: recorded, so that a later change does not change this execution. */
      organizationVars?: JsonObject
      parent?: ParentLink
      /** It is not to begin: it ends as skipped, for this reason. */
      refusal?: Failure
      /** What it has to pass before its first step begins. */
      gates?: readonly GateRef[]
      /** Recorded, so that it is known for as long as its journal is. */
      cause?: Chain
      sender?: UserId
    }
  /** The gate at which it waits lets it through. Another one than that changes nothing. */
  | { type: 'passGate'; gate: GateKind }
  /** It is not let through, and never will be. */
  | { type: 'refuse'; failure: Failure }
  | { type: 'succeeded'; path: StepPath; attempt: number; outcome: Outcome }
  | { type: 'failed'; path: StepPath; attempt: number; failure: Failure }
  /**
   * The call of this attempt was not made and is not to be before `until` (epoch ms); `failure` says why. `free`: the
   * wait is not the step's, as when it waits for its turn. `holder`: who holds it back, where that may let go sooner.
   */
  | {
      type: 'deferred'
      path: StepPath
      attempt: number
      until: number
      failure: Failure
      free: boolean
      holder?: string
    }
  /** This holder holds nothing back any more: what waits because of it is due. */
  | { type: 'released'; holder: string }
  /** The call of this attempt has vanished without a result. */
  | { type: 'lost'; path: StepPath; attempt: number }
  /** What is known under the key that a step seeks; null when there is nothing. `at`: when it was given, in epoch ms. */
  | { type: 'recalled'; path: StepPath; key: string; found: { outcome: Outcome; at: number } | null }
  /** The child that an order asked for is there. */
  | { type: 'childStarted'; key: string; executionId: string }
  /** It has ended; or (without an id) it cannot be started, however often one tries. */
  | { type: 'childEnded'; key: string; end: ChildEnd & { status: FinalStatus } }
  /** A child that is not wanted any more has been told, or was never there. */
  | { type: 'childReleased'; key: string }
  /** An event for which the step at a path waits. */
  | { type: 'heard'; path: StepPath; event: Heard }
  /** A person decided what the step at a path asks. `involved`: who started the execution or edited the workflow. */
  | { type: 'voted'; path: StepPath; vote: Vote; involved: readonly { userId: string; email: string }[] }
  /** A fresh process has taken over: of all that was in flight, it has nothing. One turn for all of it. */
  | { type: 'recover' }
  | { type: 'cancel'; by: string; reason: string }
  /** Abandon what is going on, and continue at this node. A sender that may repeat it gives a `key`, by which the host knows it. */
  | { type: 'redirect'; by: string; node: string; reason: string; key?: string }
  /**
   * Try a failed execution again from its failed steps, keeping what is finished. `gates`: what it has to pass beside the
   * one whose place it had.
   */
  | { type: 'redrive'; by: string; edits?: ExecutionEdits; cause?: Chain; gates?: readonly GateRef[] }
  /** Go on with another version, whose plan this turn is given. Whether it fits is looked at before (`migrate/misfits.ts`). */
  | { type: 'migrate'; by: string; from: VersionRef; to: VersionRef }
  /** What comes of the step at a path is known otherwise, whatever it waits for. */
  | { type: 'assumed'; path: StepPath; outcome: Outcome & { cachedAt?: number } }
  /** Nothing happened; look whether something is due. */
  | { type: 'wake' }
