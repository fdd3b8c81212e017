import type { Link } from './layers.ts'

export interface Lanes {
  columns: string[][]
  links: Link[]
}

/** Columns of slots, with a bend in every column that an edge only passes, so that it gets a lane of its own. */
export function lanesOf(columnOf: ReadonlyMap<string, number>, links: readonly Link[]): Lanes {
  const columns: string[][] = []
  const put = (id: string, column: number) => void (columns[column] ??= []).push(id)
  for (const [id, column] of columnOf) put(id, column)
  const short: Link[] = []
  for (const [index, link] of links.entries()) {
    const from = columnOf.get(link.source) ?? 0
    const to = columnOf.get(link.target) ?? 0
    let last = link.source
    for (let column = from + 1; column < to; column += 1) {
      const bend = `${index}/${column}`
      put(bend, column)
      short.push({ source: last, target: bend, port: last === link.source ? link.port : 0 })
      last = bend
    }
    if (to > from) short.push({ source: last, target: link.target, port: last === link.source ? link.port : 0 })
  }
  return { columns: Array.from(columns, (column) => column ?? []), links: short }
}

/** Sorts every column so that few edges cross: each slot goes to the middle of what it is connected to. */
export function orderColumns({ columns, links }: Lanes, sweeps = 6): string[][] {
  const into = Map.groupBy(links, (link) => link.target)
  const out = Map.groupBy(links, (link) => link.source)
  const ordered = columns.map((column) => [...column])
  const rank = new Map<string, number>()
  const remember = (column: readonly string[]) => column.forEach((id, index) => rank.set(id, index))
  ordered.forEach(remember)
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forward = sweep % 2 === 0
    for (const column of forward ? ordered : [...ordered].reverse()) {
      const wish = new Map(
        column.map((id) => {
          const near = forward
            ? (into.get(id) ?? []).map((link) => (rank.get(link.source) ?? 0) + link.port)
            : (out.get(id) ?? []).map((link) => (rank.get(link.target) ?? 0) - link.port)
          return [id, near.length === 0 ? (rank.get(id) ?? 0) : mean(near)]
        }),
      )
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0))
      remember(column)
    }
  }
  return ordered
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
