import type { Link } from './layers.ts'

/** What must be known of a slot to give it a height: its own, and how far down its middle each way out sits. */
export interface Extent {
  height: number
  portOffset(port: number): number
}

interface Args {
  columns: readonly (readonly string[])[]
  links: readonly Link[]
  extentOf(id: string): Extent
  gap: number
}

/**
 * The y of every slot's top, order kept and no two nearer than `gap`: each goes as near as it can to being level with
 * what it is connected to, first seen from the left, then from the right, then from the left again.
 */
export function heightsOf({ columns, links, extentOf, gap }: Args): Map<string, number> {
  const into = Map.groupBy(links, (link) => link.target)
  const out = Map.groupBy(links, (link) => link.source)
  const middle = new Map<string, number>()
  const wishFrom = (id: string, side: 'left' | 'right'): number | undefined => {
    const wishes =
      side === 'left'
        ? (into.get(id) ?? []).map(
            (link) => (middle.get(link.source) ?? 0) + extentOf(link.source).portOffset(link.port),
          )
        : (out.get(id) ?? []).map((link) => (middle.get(link.target) ?? 0) - extentOf(id).portOffset(link.port))
    return wishes.length === 0 ? undefined : median(wishes)
  }
  const settle = (column: readonly string[], side: 'left' | 'right') => {
    const wishes = column.map((id) => wishFrom(id, side) ?? middle.get(id) ?? 0)
    const heights = column.map((id) => extentOf(id).height)
    spread(wishes, heights, gap).forEach((y, index) => middle.set(column[index] ?? '', y))
  }
  for (const column of columns) settle(column, 'left')
  for (const column of [...columns].reverse()) settle(column, 'right')
  for (const column of columns) settle(column, 'left')
  return new Map([...middle].map(([id, y]) => [id, y - extentOf(id).height / 2]))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}

/**
 * The middles nearest to the wished ones that keep order and distance. Slots that would collide are joined to a block,
 * which settles at the mean of their wishes (the pool-adjacent-violators method).
 */
export function spread(wishes: readonly number[], heights: readonly number[], gap: number): number[] {
  const blocks: { start: number; count: number; sum: number }[] = []
  const offsets: number[] = []
  wishes.forEach((_, index) => {
    const before = (heights[index - 1] ?? 0) / 2 + (heights[index] ?? 0) / 2 + gap
    offsets.push(index === 0 ? 0 : (offsets[index - 1] ?? 0) + before)
  })
  const at = (block: { count: number; sum: number }) => block.sum / block.count
  wishes.forEach((wish, index) => {
    let block = { start: index, count: 1, sum: wish - (offsets[index] ?? 0) }
    for (let last = blocks.at(-1); last !== undefined && at(last) > at(block); last = blocks.at(-1)) {
      blocks.pop()
      block = { start: last.start, count: last.count + block.count, sum: last.sum + block.sum }
    }
    blocks.push(block)
  })
  return blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, index) => at(block) + (offsets[block.start + index] ?? 0)),
  )
}
