/** The node that a step's path leads to: `charge` of `rows[2].charge#2`. */
export function nodeIdOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replace(/#.*$/, '')
}

/** Which iteration of the loops around it a step belongs to, counted from 1: `2.1` for `rows[1].cells[0].charge`. */
export function iterationOf(path: string): string | undefined {
  const rounds = [...path.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index) + 1)
  return rounds.length === 0 ? undefined : rounds.join('.')
}
