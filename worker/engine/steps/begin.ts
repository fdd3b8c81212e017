// How a ready step begins, by what its node does. A new kind of control flow is a new kind of behaviour and one more
// entry here; the compiler asks for it.

import type { Behaviour } from '../behaviour.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { nodeOf } from '../path.ts'
import type { PlanNode } from '../plan.ts'
import type { Token } from '../state.ts'
import { maxInFlight, scopeOf, toFailure, type Turn } from '../turn.ts'
import { beginCall } from './call.ts'
import { completeStep, failMissing, failStep, passThrough } from './close.ts'
import { beginWait } from './wait.ts'

/** Whether the step can begin now. Calls wait for a free place among those in flight. */
export function canBegin({ plan, state }: Pick<Turn, 'plan' | 'state'>, token: Token): boolean {
  if (state.inFlight < maxInFlight) return true
  const node = plan.nodes.get(nodeOf(token.path))
  return node === undefined || node.disabled || node.behaviour.kind !== 'effect'
}

export function beginStep(turn: Turn, token: Token): void {
  const id = nodeOf(token.path)
  const node = turn.plan.nodes.get(id)
  if (node === undefined) return failMissing(turn, token, id)
  if (node.disabled) {
    const input = token.from === null ? undefined : scopeOf(turn, token.frame).steps[token.from]
    return passThrough(turn, node, token.path, input ?? null)
  }
  try {
    begin(turn, token, node, node.behaviour)
  } catch (error) {
    failStep(turn, node, token.path, toFailure(error), token.attempt + 1)
  }
}

function begin(turn: Turn, token: Token, node: PlanNode, behaviour: Behaviour): void {
  switch (behaviour.kind) {
    case 'pure':
      return completeStep(turn, node, token.path, behaviour.evaluate(scopeOf(turn, token.frame)))
    case 'effect':
      return beginCall(turn, token, node, behaviour.resolve(scopeOf(turn, token.frame)))
    case 'wait':
      return beginWait(turn, token, node, token.dueAt ?? behaviour.until(scopeOf(turn, token.frame)))
    default:
      return unreachable(behaviour)
  }
}
