import type { Execution, Step } from '#contract/execution.ts'
import { hasEnded } from './has-ended.ts'

/**
 * Which of two sights of one execution is the newer. They come by two ways (the socket, which is at the source, and
 * questions, which may be answered from a copy some seconds old), so arrival says nothing; progress does: a later
 * generation, then the end, then more of the steps begun, tried and finished. Of two that are alike the later holds.
 */
export function newerExecution(known: Execution | undefined, arrived: Execution): Execution {
  if (known === undefined || known.id !== arrived.id) return arrived
  const difference =
    arrived.generation - known.generation ||
    Number(hasEnded(arrived.status)) - Number(hasEnded(known.status)) ||
    progress(arrived.steps) - progress(known.steps)
  return difference < 0 ? known : arrived
}

function progress(steps: readonly Step[]): number {
  return steps.reduce(
    (sum, step) =>
      sum + 1 + step.attempt * 2 + (step.failures?.length ?? 0) + (step.finishedAt === undefined ? 0 : 1_000),
    0,
  )
}
