// How a ready step begins, by what its node does. A new kind of control flow is a new kind of behaviour, a file beside
// this one, and an entry here; the compiler asks for it.

import { unreachable } from '../../lib/unreachable.ts'
import { nodeOf } from '../path.ts'
import type { Token } from '../state.ts'
import { maxInFlight, scopeOf, type Turn } from '../turn.ts'
import { beginCall } from './call.ts'
import { failMissing, passThrough } from './close.ts'
import { beginPure } from './pure.ts'
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
  if (node === undefined) return failMissing(turn, token.path, id)
  if (node.disabled) {
    const input = token.from === null ? undefined : scopeOf(turn, token.frame).steps[token.from]
    return passThrough(turn, node, token.path, input ?? null)
  }
  const { behaviour } = node
  switch (behaviour.kind) {
    case 'pure':
      return beginPure(turn, token, node, behaviour)
    case 'effect':
      return beginCall(turn, token, node, behaviour)
    case 'wait':
      return beginWait(turn, token, node, behaviour)
    default:
      return unreachable(behaviour)
  }
}
