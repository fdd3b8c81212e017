/** Names longer than this, and lists longer than that, are not worth the comparison. */
const longestName = 64
const mostCandidates = 400

/** The candidate that the name was probably meant to be: the same but for case, or one or two slips away. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > longestName) return undefined
  const wanted = name.toLowerCase()
  const allowed = name.length <= 3 ? 1 : name.length <= 7 ? 2 : 3
  let best: string | undefined
  let bestSlips = allowed + 1
  let seen = 0
  for (const candidate of candidates) {
    if (++seen > mostCandidates) break
    if (Math.abs(candidate.length - name.length) > allowed) continue
    const slips = countSlips(wanted, candidate.toLowerCase())
    if (slips < bestSlips && slips < Math.max(name.length, candidate.length)) {
      best = candidate
      bestSlips = slips
    }
  }
  return best
}

/** Letters to insert, drop, replace or swap with their neighbour to make one text the other. */
function countSlips(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let slips = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(slips)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** Names in one line for an error message, cut where it stops helping. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name))
  return names.length > 12 ? `${shown.join(', ')} and ${names.length - 12} more` : shown.join(', ')
}
