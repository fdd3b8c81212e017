// Sends a token to another node, which may lie before this one. Counted by target, so that nothing goes on for ever.

import type { GoToBehaviour } from '../behaviour.ts'
import { tooManyJumps } from '../failure.ts'
import { jumpsTo } from '../places.ts'
import type { PlanNode } from '../plan.ts'
import type { Token } from '../state.ts'
import { inputOf, type Turn } from '../turn.ts'
import { completeStep, failStep } from './close.ts'

/** What came in goes on, here or there. */
export function beginGoTo(turn: Turn, token: Token, node: PlanNode, behaviour: GoToBehaviour): void {
  const { path } = token
  const { jump, onward, limit, failsAtLimit } = behaviour
  const output = inputOf(turn, token)
  const target = node.next.get(jump)?.[0]
  if (target === undefined) return completeStep(turn, node, path, { output, port: jump })
  const jumps = jumpsTo(turn.state, path, target)
  const because = { jumps, limit }
  if (jumps < limit) completeStep(turn, node, path, { output, port: jump, because, jumpedTo: target })
  else if (failsAtLimit) failStep(turn, node, path, tooManyJumps(target, limit), 1)
  else completeStep(turn, node, path, { output, port: onward, because })
}
