import type { Evaluation } from '../evaluation.ts'
import { Problem } from '../problem.ts'
import { piecesOf } from '../search.ts'

/**
 * What stands before, between and after the occurrences of a part. Pays for the search and for the pieces, of which the
 * caller's result may show nothing. Throws a `Problem` for the empty text, which is everywhere.
 */
export function piecesAround(text: string, part: string, evaluation: Evaluation): string[] {
  if (part === '') throw new Problem('expression.value', 'The part to look for must not be empty.')
  evaluation.spendSearch(text, part)
  const pieces = piecesOf(text, part)
  evaluation.spend(pieces.length >> 6)
  return pieces
}
