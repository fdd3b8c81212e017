/** Where a node leads when nothing goes wrong; null where that depends on what comes. */
export type LeadsTo = (node: string) => readonly string[] | null

/**
 * How many steps come after a node, where there is one way only: null as soon as the way parts, meets another, or comes
 * back to where it was.
 */
export function straightOn(leadsTo: LeadsTo, node: string): number | null {
  const seen = new Set([node])
  for (let at = node; ;) {
    const next = leadsTo(at)
    if (next === null || next.length > 1) return null
    const [only] = next
    if (only === undefined) return seen.size - 1
    if (seen.has(only)) return null
    seen.add(only)
    at = only
  }
}
