// loop
//
// When a start is refused because workflows go round in a circle. The rules, in the order in which they are asked:
//
//   self         a workflow that is three times in the chain of an event is not started by it once more. Calls are not
//                asked this: how deep workflows may call each other has a bound of its own
//   depth        a chain goes on for ten executions after the one that its first event began
//   descendants  what follows from one event, however it branches, is at most 1,000 executions within an hour
//   repeats      the same data comes to the same workflow thirty times within a minute, and nobody can say why: that is
//                taken for a loop which lost its trace on the way through somebody else. So is a contact of which a program
//                changes the same thirty times within a minute, where that ends as soon as nothing comes of it

import type { Chain } from '../contract/cause.ts'
import type { Failure } from '../contract/failure.ts'
import type { WorkflowId } from '../contract/id.ts'
import type { JsonObject } from '../contract/json.ts'
import { unreachable } from '../lib/unreachable.ts'

export const loopLimits = {
  /** How often a workflow may be in a chain. */
  self: 3,
  depth: 10,
  descendants: 1_000,
  descendantsWithinMs: 3_600_000,
  /** The thirtieth is held. */
  repeats: 30,
  repeatsWithinMs: 60_000,
  /** How long one that repeats waits before it is refused. */
  heldForMs: 60_000,
  /** What comes so long after the first that was held was not caused by what was executed before it. */
  goesOnAfterMs: 30_000,
  /** So many of these say that it is no loop. */
  goesOnTimes: 3,
  /** For so long nobody asks again. */
  freeForMs: 600_000,
  /** Somebody hears of a chain's refusals once in this time. */
  alertEveryMs: 3_600_000,
} as const

export type LoopRule = 'self' | 'depth' | 'descendants' | 'repeats'

/** Why a start was refused, and in which chain. */
export interface Loop {
  rule: LoopRule
  root: string
  depth: number
  path: readonly WorkflowId[]
}

/** What the chain of an event alone says about a start: the rules `self` and `depth`. Null where it may begin. */
export function loopIn({ root, depth, path }: Chain, workflowId: WorkflowId, { isCall = false } = {}): Loop | null {
  const refusedBy = (rule: LoopRule): Loop => ({ rule, root, depth, path })
  const times = path.filter((id) => id === workflowId).length
  if (!isCall && times >= loopLimits.self) return refusedBy('self')
  return depth > loopLimits.depth ? refusedBy('depth') : null
}

/** How a refused execution ends. The code is the reason that people see and filter by. */
export function failureOf(loop: Loop): Failure & { kind: 'terminal' } {
  const { rule, root, depth, path } = loop
  const details: JsonObject = { rule, root, depth, path: [...path] }
  return { kind: 'terminal', code: 'loop_detected', message: messageOf(loop), details }
}

function messageOf({ rule }: Loop): string {
  const { self, depth, descendants, repeats } = loopLimits
  switch (rule) {
    case 'self':
      return `The workflow has started itself ${self} times in a row. It was not started again.`
    case 'depth':
      return `Workflows have started each other more than ${depth} times in a row. This one was not started any more.`
    case 'descendants':
      return `One event has led to ${descendants.toLocaleString('en')} executions within an hour. No more are started.`
    case 'repeats':
      return `The same came ${repeats} times within a minute, which looks like a loop. It was not started again.`
    default:
      return unreachable(rule)
  }
}
