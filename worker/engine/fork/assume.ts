import type { Outcome } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import { isOwner } from '../holding.ts'
import { completeStep } from '../steps/close.ts'
import type { Turn } from '../turn.ts'

/**
 * Ends a step as it is said that it ended, whatever it waits for. For hosts that play what has happened before; steps in
 * which others go on end by those.
 */
export function assume(turn: Turn, path: StepPath, outcome: Outcome & { cachedAt?: number }): void {
  const step = turn.state.open[path]
  const node = step === undefined ? undefined : turn.plan.nodes.get(step.node)
  if (step === undefined || node === undefined || isOwner(step)) return
  completeStep(turn, node, path, outcome)
}
