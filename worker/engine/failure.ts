/** Why the engine itself lets a step or an execution fail. Codes are API: never rename one. */
import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'

/** Of a step whose call was aborted: nobody knows what became of it. */
export const cancelledInFlight: Failure = {
  kind: 'unknown',
  code: 'step.cancelled',
  message: 'Cancelled while its call was in flight; what it called may have happened.',
}

/** Of a step that had no call in flight: it waited, or was between two attempts. */
export const cancelledWhileWaiting: Failure = {
  kind: 'terminal',
  code: 'step.cancelled',
  message: 'Cancelled before it went on.',
}

/** A step did not succeed within its time. */
export function stepTimedOut(timeoutMs: number): Failure {
  return {
    kind: 'timedOut',
    code: 'step.timed_out',
    message: `Did not succeed within ${timeoutMs} ms, retries included.`,
    timeoutMs,
  }
}

/** The process died while a call was made, as often as `losses` says, and no answer was ever recorded. */
export function outcomeUnknown(losses: number): Failure {
  return {
    kind: 'unknown',
    code: 'step.outcome_unknown',
    message:
      losses > 1
        ? `The process died in mid-call ${losses} times; what it called may have happened.`
        : 'The process died in mid-call; what it called may have happened.',
  }
}

/** The journal names a node that the version does not have: they do not belong together. */
export function nodeMissing(node: string): Failure {
  return { kind: 'terminal', code: 'node.missing', message: `This version has no node '${node}'.` }
}

/** A node threw what is no failure of its own. */
export function nodeCrashed(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'terminal', code: 'node.crashed', message: `The node has a fault of ours: ${message}` }
}

/** There is no such instant to wait for, or it is too far away; `message` says which. */
export function waitInvalid(message: string): Failure {
  return { kind: 'terminal', code: 'wait.invalid', message }
}

/** The version leads to a merge in no way that an execution can go. */
export const mergeUnplaced: Failure = {
  kind: 'terminal',
  code: 'merge.unplaced',
  message: 'Nothing leads from the trigger to this merge.',
}

/** A merge cannot have as many branches as it needs any more. */
export function tooFewBranches(came: number, needed: number): Failure {
  return {
    kind: 'terminal',
    code: 'merge.too_few',
    message: `Only ${came} of the ${needed} branches it needs came, and no more can come.`,
    details: { came, needed },
  }
}

/** A loop goes round more often than its limit. */
export function tooManyIterations(maxIterations: number): Failure {
  return {
    kind: 'terminal',
    code: 'loop.too_many_iterations',
    message: `More than ${maxIterations} iterations: stopped rather than going on for ever.`,
    details: { maxIterations },
  }
}

/** Workflows that call each other are nested deeper than the limit. */
export function tooDeep(maxDepth: number): Failure {
  return {
    kind: 'terminal',
    code: 'call.too_deep',
    message: `Workflows can call each other ${maxDepth} deep: stopped rather than going on for ever.`,
    details: { maxDepth },
  }
}

/** A step gave up waiting for the workflow that it called. */
export function childTimedOut(timeoutMs: number): Failure {
  return { kind: 'timedOut', code: 'call.timed_out', message: `It did not end within ${timeoutMs} ms.`, timeoutMs }
}

/** `why` is what the other execution failed with, if it failed. */
export function childFailed(status: string, why: Failure | undefined): Failure {
  if (why?.code.startsWith('call.') === true) return why
  return {
    kind: 'terminal',
    code: 'call.child_failed',
    message: why?.message ?? `The workflow that was called ended as ${status}.`,
    details: { status, ...(why !== undefined && { failure: { code: why.code, message: why.message } }) },
  }
}

/** A “Go to” was taken as often as it may be. */
export function tooManyJumps(target: string, limit: number): Failure {
  return {
    kind: 'terminal',
    code: 'go_to.too_many',
    message: `Sent to '${target}' ${limit} times already: stopped rather than going on for ever.`,
    details: { target, limit },
  }
}

/** A branch did not end within the time that its step gives all of them. */
export function branchTimedOut(timeoutMs: number): Failure {
  return {
    kind: 'timedOut',
    code: 'parallel.timed_out',
    message: `Did not end within ${timeoutMs} ms.`,
    timeoutMs,
  }
}

/** `failures` in the order in which the branches failed. */
export function allBranchesFailed(failures: readonly Failure[]): Failure {
  return {
    kind: 'terminal',
    code: 'parallel.all_failed',
    message: `None of the ${failures.length} branches succeeded. The last: ${failures.at(-1)?.message ?? ''}`,
    details: failures.map(({ code, message }) => ({ code, message })),
  }
}

/** The execution began more steps than one may have. */
export function tooManySteps(maxSteps: number): Failure {
  return {
    kind: 'terminal',
    code: 'execution.too_many_steps',
    message: `More than ${maxSteps} steps: stopped rather than going on for ever.`,
    details: { maxSteps },
  }
}

/** A step gave more than is kept, or deeper. What it did has happened; `sent` says so of a call. */
export function resultTooLarge(limit: number, depth: number, isCall: boolean): Failure {
  return {
    kind: 'terminal',
    code: 'step.too_large',
    message: `It gave more than ${limit} characters, or lists and objects ${depth} deep: keep only what is needed.`,
    details: { limit, depth },
    ...(isCall && { sent: 'unknown' }),
  }
}

/** All that its steps gave is more than is kept of one execution; `limit` in characters of JSON. */
export function executionTooLarge(limit: number): Failure {
  return {
    kind: 'terminal',
    code: 'execution.too_large',
    message: `Its steps gave more than ${limit} characters in all: let each keep less, or call a workflow for a part of it.`,
    details: { limit },
  }
}

/** The execution used up its time, waits left out. */
export function activeTimedOut(timeoutMs: number): Failure {
  return {
    kind: 'timedOut',
    code: 'execution.timed_out',
    message: `Used up its ${timeoutMs} ms of active time (waits are not counted).`,
    timeoutMs,
  }
}

/** The execution is older than any may become. */
export function tooOld(timeoutMs: number): Failure {
  return { kind: 'timedOut', code: 'execution.too_old', message: 'Did not finish within 365 days.', timeoutMs }
}

/** A node ended the execution as failed, for this reason if it gave one. */
export function endedAsFailed(reason: string | undefined): Failure {
  return {
    kind: 'terminal',
    code: 'execution.ended',
    message: reason ?? 'The workflow ended this execution as failed.',
  }
}

/** Somebody cancelled the execution, or a node did. */
export function cancelledBy(reason: string): Failure {
  return { kind: 'terminal', code: 'execution.cancelled', message: reason === '' ? 'Cancelled.' : reason }
}

/** Why a step was not undone: nobody had the time, or nothing undoes it any more. */
export function nothingUndoes(isGivenUp: boolean): Failure {
  return isGivenUp
    ? { kind: 'terminal', code: 'rollback.given_up', message: 'Not undone: what was left was given up.' }
    : { kind: 'terminal', code: 'rollback.no_step', message: 'Not undone: this version has no step that does.' }
}

/** A cancelled execution could not be undone in the time that there is for that. */
export function cleanupTimedOut(timeoutMs: number): Failure {
  return {
    kind: 'timedOut',
    code: 'rollback.timed_out',
    message: `Not undone within the ${timeoutMs} ms that a cancelled execution has for it.`,
    timeoutMs,
  }
}

/** A cancelled execution could not be undone. `of`: how many steps were to be. */
export function rollbackFailed(stuck: readonly { path: string; failure: Failure }[], of: number): Failure {
  return {
    kind: 'terminal',
    code: 'rollback.failed',
    message: `Cancelled, but ${stuck.length} of ${of} steps could not be undone. The last: ${stuck.at(-1)?.failure.message ?? ''}`,
    details: stuck.map(({ path, failure: { code, message } }) => ({ path, code, message })),
  }
}

/** A failure as the nodes after it read it: `steps.<id>.error`. */
export function errorOutput(failure: Failure, attempt: number): Json {
  const { code, message, kind, sent } = failure
  const { details } = 'details' in failure ? failure : {}
  return {
    error: {
      code,
      message,
      kind,
      attempt,
      ...(sent !== undefined && { sent }),
      ...(details !== undefined && { details }),
    },
  }
}
