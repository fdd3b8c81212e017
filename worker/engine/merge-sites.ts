// merge-sites: where the branches of a merge come from
//
// What a merge must know about the graph it stands in, worked out once per version.
//
//                      ┌─► a ─────┐          origin of `join`: `ask`, the nearest node that every way to it passes
//   start ─► ask ──────┼─► b ─────┼─► join   and at which branches part that lead to it
//                      └─► c ─► d │          feeders: a, b and c, from where a way leads to it without passing `ask`
//                          └──────┘          sources: a, b and c, in the order of the graph's nodes

/** Where the branches of a merge come from. */
export interface MergeSite {
  /** The node at which they part; the first of all when they part nowhere. */
  readonly origin: string
  /** Nodes from which one can still arrive. */
  readonly feeders: ReadonlySet<string>
  /** Nodes that lead straight into the merge, in the order of the graph's nodes. */
  readonly sources: readonly string[]
}

/** Targets by node: those of each of its ways out. */
export type Ways = ReadonlyMap<string, readonly (readonly string[])[]>

/**
 * The site of each of these merges in an execution that begins at `start`. Merges that it never reaches are absent.
 *
 * A merge that another one feeds takes its branches from where that one does, or from before: else it would tell apart
 * what has already been joined.
 */
export function mergeSites(ways: Ways, start: string, merges: readonly string[]): Map<string, MergeSite> {
  const sites = new Map<string, MergeSite>()
  if (merges.length === 0) return sites
  const parents = dominators(ways, start)
  const backwards = reversed(ways, new Set(parents.keys()).add(start))
  const rise = (merge: string, from: string): MergeSite => {
    for (let origin = from; ; origin = parents.get(origin)!) {
      const feeders = before(backwards, merge, origin)
      const leadsThere = (target: string) => target === merge || feeders.has(target)
      const parts = ways.get(origin)!.some((targets) => targets.filter(leadsThere).length > 1)
      if (parts || origin === start) return { origin, feeders, sources: backwards.get(merge) ?? [] }
    }
  }
  for (const merge of merges) if (parents.has(merge)) sites.set(merge, rise(merge, parents.get(merge)!))
  for (let settled = false; !settled;) {
    settled = true
    for (const [merge, { origin, feeders }] of sites) {
      const joinsMore = [...feeders].some((feeder) => isAbove(parents, sites.get(feeder)?.origin, origin))
      if (!joinsMore) continue
      sites.set(merge, rise(merge, parents.get(origin)!))
      settled = false
    }
  }
  return sites
}

function isAbove(parents: ReadonlyMap<string, string>, node: string | undefined, other: string): boolean {
  if (node === undefined) return false
  for (let at = parents.get(other); at !== undefined; at = parents.get(at)) if (at === node) return true
  return false
}

/** The nearest node that every way from `start` passes, for each node that can be reached (but `start`). */
export function dominators(ways: Ways, start: string): Map<string, string> {
  const order = backFromTheEnds(ways, start)
  const rank = new Map(order.map((node, index) => [node, index]))
  const backwards = reversed(ways, new Set(order))
  const nearest = new Map<string, string>([[start, start]])
  const meeting = (one: string, other: string): string => {
    let [a, b] = [one, other]
    while (a !== b) {
      if (rank.get(a)! > rank.get(b)!) a = nearest.get(a)!
      else b = nearest.get(b)!
    }
    return a
  }
  for (let changed = true; changed;) {
    changed = false
    for (const node of order.slice(1)) {
      const known = (backwards.get(node) ?? []).filter((source) => nearest.has(source))
      const found = known.reduce(meeting)
      if (nearest.get(node) === found) continue
      nearest.set(node, found)
      changed = true
    }
  }
  nearest.delete(start)
  return nearest
}

/** Reachable nodes, each before those it leads to as far as there are no cycles: a depth-first walk, read from its end. */
function backFromTheEnds(ways: Ways, start: string): string[] {
  const left: string[] = []
  const seen = new Set([start])
  const path: { node: string; next: number }[] = [{ node: start, next: 0 }]
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const target = ways.get(top.node)?.flat()[top.next++]
    if (target === undefined) {
      left.push(top.node)
      path.pop()
    } else if (!seen.has(target)) {
      seen.add(target)
      path.push({ node: target, next: 0 })
    }
  }
  return left.reverse()
}

function reversed(ways: Ways, within: ReadonlySet<string>): Map<string, string[]> {
  const backwards = new Map<string, string[]>()
  for (const [source, targets] of ways) {
    if (!within.has(source)) continue
    for (const target of targets.flat()) {
      const sources = backwards.get(target)
      if (sources === undefined) backwards.set(target, [source])
      else if (!sources.includes(source)) sources.push(source)
    }
  }
  return backwards
}

function before(backwards: ReadonlyMap<string, readonly string[]>, node: string, origin: string): Set<string> {
  const found = new Set<string>()
  const left = [node]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const source of backwards.get(at) ?? []) {
      if (source === origin || found.has(source)) continue
      found.add(source)
      left.push(source)
    }
  }
  return found
}
