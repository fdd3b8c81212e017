/** A piece of a date pattern: letters with a meaning, or text that stands for itself. */
export type PatternPiece = { letters: string } | { plain: string }

/**
 * Takes a pattern such as `dd.MM.yyyy 'at' HH:mm` apart. Text between single quotes stands for itself; two single quotes
 * are one, inside quotes as well.
 */
export function readPieces(pattern: string): PatternPiece[] {
  const pieces: PatternPiece[] = []
  for (const [part, quoted, letter] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g)) {
    if (letter !== undefined) pieces.push({ letters: part })
    else pieces.push({ plain: quoted === undefined ? part : quoted === '' ? "'" : quoted.replaceAll("''", "'") })
  }
  return pieces
}
