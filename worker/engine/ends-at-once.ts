import type { Plan } from './plan.ts'

/** Each node may compute for a moment: a caller should not wait for more of them than this. */
const mostNodes = 50

/**
 * Whether executions of a plan are over in their first turn, as far as can be told beforehand: none of its nodes acts,
 * waits, asks or goes back, and there are few. One that fails may still be tried again.
 */
export function endsAtOnce({ nodes }: Pick<Plan, 'nodes'>): boolean {
  return (
    nodes.size <= mostNodes &&
    [...nodes.values()].every(({ behaviour }) => behaviour.kind === 'pure' || behaviour.kind === 'merge')
  )
}
