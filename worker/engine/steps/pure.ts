import type { Behaviour, Outcome } from '../behaviour.ts'
import type { PlanNode } from '../plan.ts'
import type { Token } from '../state.ts'
import { scopeOf, toFailure, type Turn } from '../turn.ts'
import { completeStep, failStep } from './close.ts'

/** Evaluates the step and closes it in the same turn: it is never open. */
export function beginPure(turn: Turn, token: Token, node: PlanNode, behaviour: Behaviour & { kind: 'pure' }): void {
  let outcome: Outcome
  try {
    outcome = behaviour.evaluate(scopeOf(turn, token.frame), token.path)
  } catch (error) {
    return failStep(turn, node, token.path, toFailure(error), token.attempt + 1)
  }
  completeStep(turn, node, token.path, outcome)
}
