// phases
//
// In which ways the databases fail, one after the other: drawn by chance, and always for as long together.

import type { Random } from '../kill/random.ts'

/**
 * `all`: nothing works. `reads`, `writes`: only these do not. `half`: every other time, by chance. `slow`: everything works, and
 * takes long.
 */
export type How = 'all' | 'reads' | 'writes' | 'half' | 'slow'

export interface Phase {
  how: How
  databases: readonly string[]
  /** How long it lasts, in ms, from its begin on. */
  ms: number
}

const others: readonly How[] = ['reads', 'writes', 'half', 'slow']
const both = ['DB', 'LOGS']
const some = [both, ['DB'], ['LOGS']]

/** Phases that last `ms` together: one in which nothing at all works, and `more` (up to four) others. */
export function drawPhases(random: Random, ms: number, more: number): Phase[] {
  const drawn = random.shuffled(others).slice(0, more)
  const phases = [
    { how: 'all' as const, databases: both },
    ...drawn.map((how) => ({ how, databases: random.pick(some) })),
  ]
  return random.shuffled(phases).map((phase) => ({ ...phase, ms: ms / phases.length }))
}
