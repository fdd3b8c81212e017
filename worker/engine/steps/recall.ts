// A call whose result may be known already. It is looked up first; what is not known, too old or not said in time is
// called for, with the params that were recorded when it was sought. What is given then is good for the next.

import type { JsonObject } from '../../contract/json.ts'
import type { Outcome } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import type { PlanNode } from '../plan.ts'
import type { Recalling, Token } from '../state.ts'
import { maxInFlight, record, scopeOf, type Turn } from '../turn.ts'
import { attemptStarted } from './attempt.ts'
import { completeStep } from './close.ts'

/** How long an answer is waited for, in ms: looking up must not cost more than calling. */
export const recallMs = 2_000

/** Seeks the result of a call that is about to be made with `input`. What the key's expression throws is thrown. */
export function seekResult(turn: Turn, { path, frame }: Token, node: PlanNode, input: JsonObject): void {
  const read = node.cache?.key ?? null
  const key = JSON.stringify(read === null ? input : read(scopeOf(turn, frame)))
  record(turn, { type: 'resultSought', at: turn.at, path, node: node.id, key, input })
}

/** Takes what is known, if it is not too old. */
export function takeRecalled(
  turn: Turn,
  path: StepPath,
  key: string,
  found: { outcome: Outcome; at: number } | null,
): void {
  const step = turn.state.open[path]
  if (step?.status !== 'recalling' || step.key !== key || step.missed) return
  const node = turn.plan.nodes.get(step.node)
  const ttlMs = node?.cache?.ttlMs ?? 0
  if (node === undefined || found === null || found.at + ttlMs <= turn.at) {
    return record(turn, { type: 'resultMissed', at: turn.at, path })
  }
  // Only what it gave: an answer to a sender, or an end, is each execution's own.
  const { output, port } = found.outcome
  completeStep(turn, node, path, { output, port, cachedAt: found.at })
}

/** Calls for what is not known, as soon as there is a place free. */
export function settleRecall(turn: Turn, path: StepPath, step: Recalling, node: PlanNode): void {
  if (!step.missed && turn.at < step.since + recallMs) return
  if (turn.state.inFlight < maxInFlight) record(turn, attemptStarted(turn, path, node, 1))
}
