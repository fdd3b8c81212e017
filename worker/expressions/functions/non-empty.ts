import { Problem } from '../problem.ts'

/** A part that can be looked for. Throws a `Problem` for the empty text, which is everywhere. */
export function nonEmpty(part: string): string {
  if (part === '') throw new Problem('expression.value', 'The part to look for must not be empty.')
  return part
}
