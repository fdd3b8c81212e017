import type { Plan } from './plan.ts'

/** More nodes than whoever waits for an answer should wait for, of which each may compute for a moment. */
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
