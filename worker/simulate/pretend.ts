// pretend
//
// What a call gives that nobody makes.
//
//   1. Chance comes in as `draw`: the same name gives the same number. Whether an attempt fails is drawn for each attempt;
//      which outcome a step has is drawn once for its path, so a retry does not get another one.
//   2. Nothing that is given here has happened anywhere.

import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'
import type { NodeModel, NodeOutcome } from '../contract/simulate.ts'
import type { PretendStep } from '../contract/workflow-test.ts'
import type { Invocation } from '../engine/effect.ts'
import type { Answer, CallResult } from './playback.ts'

/** A node that acts (or has another workflow act), as far as pretending needs to know it. */
export interface Actor {
  /** An example of what it gives. */
  example: Json
  firstPort: string
}

/** What is known of the one for whom a call is pretended. */
export interface Circumstances {
  /** A number in [0, 1) by this name. */
  draw(name: string): number
  hasHappened(event: string): boolean
}

/** How long a pretended call takes in a simulation, in ms, where nothing is said. */
export const usualMs = 300

/** In a test: what the request says of the step, else its example. Takes no time unless it says so. */
export function pretendStep(
  { output, port, failure, failTimes = Infinity, durationMs = 0 }: PretendStep,
  { example, firstPort }: Actor,
  attempt: number,
): Answer {
  if (failure !== undefined && attempt <= failTimes) return { afterMs: durationMs, result: { ok: false, failure } }
  return { afterMs: durationMs, result: succeeds(output ?? example, port ?? firstPort) }
}

/** In a simulation: drawn, as the model of the node says. */
export function pretendDrawn(
  { outcomes = [], failureRate = 0, failure = passing, durationMs = [usualMs, usualMs] }: NodeModel,
  actor: Actor,
  { path, attempt }: Pick<Invocation, 'path' | 'attempt'>,
  circumstances: Circumstances,
): Answer {
  const { draw } = circumstances
  const [from, to] = durationMs
  const afterMs =
    from === to ? from : Math.round(Math.min(from, to) + draw(`${path}/${attempt} takes`) * Math.abs(to - from))
  if (failureRate > 0 && draw(`${path}/${attempt} fails`) < failureRate) {
    return { afterMs, result: { ok: false, failure } }
  }
  const outcome = outcomes.length === 0 ? undefined : outcomeOf(outcomes, path, circumstances)
  if (outcome?.failure !== undefined) return { afterMs, result: { ok: false, failure: outcome.failure } }
  return { afterMs, result: succeeds(outcome?.output ?? actor.example, outcome?.port ?? actor.firstPort) }
}

/** The outcome in whose share the drawn number lies; undefined in what is left. */
function outcomeOf(
  outcomes: readonly NodeOutcome[],
  path: string,
  { draw, hasHappened }: Circumstances,
): NodeOutcome | undefined {
  const happened = outcomes.filter(({ when }) => when !== undefined && hasHappened(when))
  const possible = happened.length > 0 ? happened : outcomes.filter(({ when }) => when === undefined)
  const drawn = draw(`${path} gives`)
  let end = 0
  return possible.find(({ share }) => drawn < (end += share))
}

function succeeds(output: Json, port: string): CallResult {
  return { ok: true, outcome: { output, port } }
}

const passing: Failure = {
  kind: 'retryable',
  code: 'pretend.failed',
  message: 'Fails as often as the simulation was told.',
}
