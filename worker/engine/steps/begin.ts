// How a ready step begins, by what its node does. A new kind of control flow is a new kind of behaviour, a file beside
// this one, and an entry here; the compiler asks for it.

import { unreachable } from '../../lib/unreachable.ts'
import { nodeOf } from '../path.ts'
import type { Token } from '../state.ts'
import { maxInFlight, scopeOf, toFailure, type Turn } from '../turn.ts'
import { beginApproval } from './approval.ts'
import { beginCall } from './call.ts'
import { beginChild } from './child.ts'
import { failMissing, failStep, skipStep } from './close.ts'
import { beginGoTo } from './go-to.ts'
import { beginListen } from './listen.ts'
import { beginLoop } from './loop.ts'
import { beginMerge } from './merge.ts'
import { beginParallel } from './parallel.ts'
import { beginPure } from './pure.ts'
import { beginWait } from './wait.ts'

/** Whether the step can begin now. Calls wait for a free place among those in flight. */
export function canBegin({ plan, state }: Pick<Turn, 'plan' | 'state'>, token: Token): boolean {
  if (state.inFlight < maxInFlight) return true
  const node = plan.nodes.get(nodeOf(token.path))
  return node === undefined || node.disabled || node.behaviour.kind !== 'effect'
}

/** Begins the step of a token, to be asked after `canBegin`: skips it, fails it, or does what its node does first. */
export function beginStep(turn: Turn, token: Token): void {
  const id = nodeOf(token.path)
  const node = turn.plan.nodes.get(id)
  if (node === undefined) return failMissing(turn, token.path, id)
  if (node.disabled) return skipStep(turn, node, token)
  // What an earlier generation began goes on: it was decided then.
  if (node.executeIf !== null && token.attempt === 0 && token.dueAt === null) {
    try {
      const { result, because } = node.executeIf(scopeOf(turn, token.frame))
      if (!result) return skipStep(turn, node, token, because)
    } catch (error) {
      return failStep(turn, node, token.path, toFailure(error), token.attempt + 1)
    }
  }
  const { behaviour } = node
  switch (behaviour.kind) {
    case 'pure':
      return beginPure(turn, token, node, behaviour)
    case 'effect':
      return beginCall(turn, token, node, behaviour)
    case 'wait':
      return beginWait(turn, token, node, behaviour)
    case 'listen':
      return beginListen(turn, token, node, behaviour)
    case 'approval':
      return beginApproval(turn, token, node, behaviour)
    case 'merge':
      return beginMerge(turn, token, node, behaviour)
    case 'parallel':
      return beginParallel(turn, token, node, behaviour)
    case 'loop':
      return beginLoop(turn, token, node, behaviour)
    case 'child':
      return beginChild(turn, token, node, behaviour)
    case 'goTo':
      return beginGoTo(turn, token, node, behaviour)
    default:
      return unreachable(behaviour)
  }
}
