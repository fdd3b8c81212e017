// knowledge: what can be said of a random program from its drawing alone, by the shortest means there are

import { homeOf, type Program } from './program.ts'

/**
 * The nodes of which each node can be sure to see one output and no other: those that lie on every way to it, but what
 * lies between a merge and its origin may have run for several of the branches that it joined.
 */
export function certainOf(program: Program): Map<string, string[]> {
  const certain = new Map<string, string[]>([['n0', []]])
  for (const { id, kind } of program.nodes.slice(1)) {
    const onEveryWay = onAll(program, certain, id)
    if (onEveryWay === undefined) continue
    if (kind !== 'merge') certain.set(id, onEveryWay)
    else certain.set(id, onEveryWay.slice(0, onEveryWay.indexOf(originOf(program, id)) + 1))
  }
  return certain
}

/**
 * The nearest node on every way to a merge that has two edges at one port from which it can be reached, and before
 * which no merge on the way takes its branches from.
 */
export function originOf(program: Program, merge: string): string {
  const before = new Map<string, string[]>([['n0', []]])
  for (const { id } of program.nodes.slice(1)) {
    const ways = onAll(program, before, id)
    if (ways !== undefined) before.set(id, ways)
  }
  const parts = (id: string) => {
    const edges = program.edges.filter((edge) => edge.source === id && leadsTo(program, edge.target, merge))
    return edges.some(({ port }) => edges.filter((other) => other.port === port).length > 1)
  }
  const isFed = (id: string) =>
    program.nodes.some(
      (node) =>
        node.kind === 'merge' &&
        node.id !== merge &&
        before.has(node.id) &&
        leadsTo(program, node.id, merge, id) &&
        before.get(id)!.includes(originOf(program, node.id)),
    )
  return before.get(merge)?.findLast((id) => parts(id) && !isFed(id)) ?? 'n0'
}

function leadsTo(program: Program, from: string, to: string, without?: string): boolean {
  if (from === to || from === without) return from === to
  return program.edges.some(({ source, target }) => source === from && leadsTo(program, target, to, without))
}

/** What is known before all nodes that lead to this one, and that one where there is only one. */
function onAll(program: Program, known: ReadonlyMap<string, string[]>, id: string): string[] | undefined {
  const ways = program.edges
    .filter(({ target }) => target === id)
    .flatMap(({ source, port }) => {
      const before = known.get(source)
      if (before === undefined) return []
      // A step gives nothing before its own branches have ended.
      return [homeOf(program, id) === `${source}:${port}` ? before : [...before, source]]
    })
  const [first, ...others] = ways
  return first?.filter((seen) => others.every((way) => way.includes(seen)))
}
