import type { Scope } from '../../engine/behaviour.ts'

/** By whose name chance is drawn: a fork's goes as it went for its origin. */
export function drawnBy({ chance, execution }: Scope): string {
  return chance ?? execution.id
}
