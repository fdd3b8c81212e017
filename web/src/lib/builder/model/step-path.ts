/** The node that a step's path leads to: `charge` of `rows[2].charge#2`. */
export function nodeIdOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replace(/#.*$/, '')
}
