import type { Graph } from '#contract/graph.ts'

export interface Link {
  source: string
  target: string
  /** Rank of the way out among its node's, from the top. */
  port: number
}

/**
 * In which column each node stands: one more than the last of those that lead to it. Edges that close a circle are left
 * out of the count (the ones found last, starting from where nothing leads to).
 */
export function columnsOf(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const forward = withoutCircles(ids, links)
  const waiting = new Map(ids.map((id) => [id, forward.filter((link) => link.target === id).length]))
  const columns = new Map<string, number>()
  const ready = ids.filter((id) => waiting.get(id) === 0)
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    const column = columns.get(id) ?? 0
    columns.set(id, column)
    for (const link of forward.filter((candidate) => candidate.source === id)) {
      columns.set(link.target, Math.max(columns.get(link.target) ?? 0, column + 1))
      const left = (waiting.get(link.target) ?? 0) - 1
      waiting.set(link.target, left)
      if (left === 0) ready.push(link.target)
    }
  }
  return columns
}

function withoutCircles(ids: readonly string[], links: readonly Link[]): Link[] {
  const bySource = Map.groupBy(links, (link) => link.source)
  const targets = new Set(links.map((link) => link.target))
  const state = new Map<string, 'open' | 'done'>()
  const forward: Link[] = []
  const start = (root: string) => {
    // An explicit stack: a chain of 500 steps must not meet the limit of recursion.
    const path = [{ id: root, links: [...(bySource.get(root) ?? [])] }]
    state.set(root, 'open')
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const link = top.links.shift()
      if (link === undefined) {
        state.set(top.id, 'done')
        path.pop()
      } else if (state.get(link.target) !== 'open') {
        forward.push(link)
        if (state.get(link.target) === undefined) {
          state.set(link.target, 'open')
          path.push({ id: link.target, links: [...(bySource.get(link.target) ?? [])] })
        }
      }
    }
  }
  for (const id of ids) if (!targets.has(id)) start(id)
  for (const id of ids) if (!state.has(id)) start(id)
  return forward
}

/** The nodes in groups that no edge connects to each other, in the order of the ids. */
export function islandsOf(ids: readonly string[], edges: Pick<Graph, 'edges'>['edges']): string[][] {
  const neighbours = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { source, target } of edges) {
    if (!neighbours.has(source) || !neighbours.has(target)) continue
    neighbours.get(source)?.push(target)
    neighbours.get(target)?.push(source)
  }
  const seen = new Set<string>()
  return ids.flatMap((root) => {
    if (seen.has(root)) return []
    const island = new Set([root])
    const open = [root]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      for (const near of neighbours.get(id) ?? []) {
        if (island.has(near)) continue
        island.add(near)
        open.push(near)
      }
    }
    for (const id of island) seen.add(id)
    return [ids.filter((id) => island.has(id))]
  })
}
