// recorded
//
// What came of steps, as a journal tells it from a moment on: for a fork, which does not do again what was under way and
// has been done, and for one that pretends, which answers as the world did then.

import type { Failure } from '../../contract/failure.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { Outcome } from '../behaviour.ts'
import type { ExecutionEvent, StepPath } from '../event.ts'
import { isCalling, type ExecutionState } from '../state.ts'

/**
 * What an attempt gave, and how long it took from its beginning (or from the moment on), in ms. `cut`: nobody waited for
 * it any longer than that.
 */
export interface RecordedAttempt {
  afterMs: number
  /** With what it was called. */
  input?: JsonObject
  result: { ok: true; outcome: Outcome } | { ok: false; failure: Failure } | Held | 'lost' | 'cut'
}

/** It was not made, and waited for so long, in ms. */
export interface Held {
  ok: null
  waitMs: number
  reason: { code: string; message: string }
  free: boolean
}

/** How a step ended that was not skipped by anybody, counted alike. */
export interface RecordedEnd {
  afterMs: number
  outcome: Outcome & { cachedAt?: number }
}

export interface Recorded {
  /** By `path/attempt`. */
  attempts: ReadonlyMap<string, RecordedAttempt>
  ends: ReadonlyMap<StepPath, RecordedEnd>
  /** Called workflows that did not do what was wanted. */
  failedChildren: ReadonlyMap<StepPath, { afterMs: number; failure: Failure }>
  /** Steps for which nobody waited any longer than so many ms. */
  cutOff: ReadonlyMap<StepPath, number>
  /** Results that were looked up in vain, and how long that took, in ms. */
  misses: ReadonlyMap<StepPath, number>
}

/** `state` is that before the first of these events, at the moment `from` (epoch ms). */
export function recordedIn(state: ExecutionState, events: readonly ExecutionEvent[], from: number): Recorded {
  const attempts = new Map<string, RecordedAttempt>()
  const ends = new Map<StepPath, RecordedEnd>()
  const failedChildren = new Map<StepPath, { afterMs: number; failure: Failure }>()
  const cutOff = new Map<StepPath, number>()
  const misses = new Map<StepPath, number>()
  const children = new Set<StepPath>()
  const begunAt = new Map<StepPath, number>()
  const current = new Map<StepPath, { attempt: number; at: number }>()
  const inputs = new Map<StepPath, JsonObject>()
  const deferred = new Map<StepPath, { key: string; at: number }>()
  for (const path in state.open) {
    const step = state.open[path]!
    if (isCalling(step)) {
      current.set(path, { attempt: step.attempt, at: from })
      inputs.set(path, step.input)
    } else if (step.status === 'recalling') inputs.set(path, step.input)
  }

  const endAttempt = (path: StepPath, at: number, result: RecordedAttempt['result']) => {
    const begun = current.get(path)
    if (begun === undefined) return
    current.delete(path)
    const input = inputs.get(path)
    const attempt: RecordedAttempt = { afterMs: Math.max(0, at - begun.at), result }
    attempts.set(`${path}/${begun.attempt}`, input === undefined ? attempt : { ...attempt, input })
  }

  const cut = (path: StepPath, at: number) => {
    endAttempt(path, at, 'cut')
    cutOff.set(path, Math.max(0, at - (begunAt.get(path) ?? from)))
  }

  for (const event of events) {
    switch (event.type) {
      case 'resultMissed':
        misses.set(event.path, Math.max(0, event.at - (begunAt.get(event.path) ?? from)))
        break
      case 'stepCancelled':
        cut(event.path, event.at)
        break
      case 'childEnded':
        children.add(event.path)
        break
      case 'stepFailed': {
        const { path, at, failure } = event
        const afterMs = Math.max(0, at - (begunAt.get(path) ?? from))
        if (children.has(path)) failedChildren.set(path, { afterMs, failure })
        else cut(path, at)
        break
      }
      case 'attemptStarted':
        current.set(event.path, { attempt: event.attempt, at: event.at })
        if (event.input !== undefined) inputs.set(event.path, event.input)
        if (!begunAt.has(event.path)) begunAt.set(event.path, event.at)
        break
      case 'resultSought':
        inputs.set(event.path, event.input)
        begunAt.set(event.path, event.at)
        break
      case 'waitStarted':
      case 'childCalled':
        begunAt.set(event.path, event.at)
        break
      case 'attemptFailed':
        endAttempt(event.path, event.at, { ok: false, failure: event.failure })
        break
      case 'attemptDeferred': {
        const { path, at, dueAt, reason, free = false } = event
        deferred.set(path, { key: `${path}/${event.attempt}`, at })
        endAttempt(path, at, { ok: null, waitMs: dueAt - at, reason, free })
        break
      }
      case 'attemptReleased': {
        const { key = '', at = event.at } = deferred.get(event.path) ?? {}
        const held = attempts.get(key)
        if (held !== undefined && typeof held.result === 'object' && held.result.ok === null)
          attempts.set(key, { ...held, result: { ...held.result, waitMs: event.at - at } })
        break
      }
      case 'attemptLost':
        endAttempt(event.path, event.at, 'lost')
        break
      case 'stepCompleted': {
        const { path, at, skipped } = event
        if (skipped === true) {
          cut(path, at)
          break
        }
        const outcome = outcomeOf(state, event)
        endAttempt(path, at, { ok: true, outcome })
        if (!ends.has(path)) ends.set(path, { afterMs: Math.max(0, at - (begunAt.get(path) ?? from)), outcome })
        break
      }
      default:
    }
  }
  return { attempts, ends, failedChildren, cutOff, misses }
}

function outcomeOf({ trigger }: ExecutionState, event: ExecutionEvent & { type: 'stepCompleted' }) {
  const { output = trigger?.data ?? null, port, because, vars, appended, response, end, cachedAt } = event
  const outcome: Outcome & { cachedAt?: number } = { output, port }
  if (because !== undefined) outcome.because = because
  if (vars !== undefined) outcome.vars = vars
  if (appended !== undefined) outcome.appended = appended
  if (response !== undefined) outcome.response = response
  if (end !== undefined) outcome.end = end
  if (cachedAt !== undefined) outcome.cachedAt = cachedAt
  return outcome
}
