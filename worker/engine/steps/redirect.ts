// Sends a live execution somewhere else from outside: whatever it does is given up, and it goes on with one token.
//
// What is open is cancelled as at the end of an execution; `redirected` then begins anew with one frame that sees the
// latest outputs (`evolve`). Nothing lies inside another step afterwards, so a redirect leads to the top level only.

import { undoIfUnsure } from '../aftermath/unsure.ts'
import { cancelledInFlight, cancelledWhileWaiting } from '../failure.ts'
import type { Input } from '../input.ts'
import { pathOf } from '../path.ts'
import { isEnding, record, type Turn } from '../turn.ts'

/** Changes nothing when the execution is ending, has not started, or knows no such node, or has come to its end. */
export function redirect(
  turn: Turn,
  { by, node, reason, key }: Omit<Extract<Input, { type: 'redirect' }>, 'type'>,
): void {
  const { state, plan, at } = turn
  if (state.startedAt === null || isEnding(state) || state.aftermath !== null) return
  if (!plan.nodes.has(node) || plan.aside.has(node)) return
  for (const path in state.open) {
    const { node: stepNode, status } = state.open[path]!
    const failure = status === 'running' ? cancelledInFlight : cancelledWhileWaiting
    record(turn, { type: 'stepCancelled', at, path, node: stepNode, failure, ...undoIfUnsure(turn, path, failure) })
  }
  const next = pathOf(node, (state.visits[node] ?? 0) + 1)
  record(turn, { type: 'redirected', at, by, reason, next, ...(key !== undefined && { key }) })
}
