import type { Simulation, SimulatedNode } from '#contract/simulate.ts'
import type { Mark, Traffic } from '#lib/graph/model/marks.ts'

/** What of a simulation stands at each node: how many contacts came by, and whether steps failed or are open. */
export function simulatedMarks({ nodes }: Simulation): ReadonlyMap<string, Mark> {
  return new Map(
    nodes
      .filter(({ steps }) => steps > 0)
      .map((node) => [
        node.nodeId,
        { status: statusOf(node), handled: false, visits: 1, path: node.nodeId, label: compact(node.contacts) },
      ]),
  )
}

/** For each edge that was passed: how often; where a node has several ways, for which part of those who were there. */
export function simulatedTraffic({ edges, nodes }: Simulation): ReadonlyMap<string, Traffic> {
  const at = new Map(nodes.map(({ nodeId, contacts }) => [nodeId, contacts]))
  const ways = Map.groupBy(edges, ({ source }) => source)
  return new Map(
    edges
      .filter(({ count }) => count > 0)
      .map(({ edgeId, source, count, contacts }) => {
        const part = (ways.get(source) ?? []).length > 1 ? ` · ${percentOf(contacts, at.get(source) ?? 0)}` : ''
        return [edgeId, { count, moving: false, label: compact(count) + part }]
      }),
  )
}

/** A part in whole per cent, and never 0 or 100 where that would not be so. */
export function percentOf(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  const percent = Math.round((100 * part) / whole)
  if (percent === 0) return '< 1 %'
  return percent === 100 && part < whole ? '> 99 %' : `${percent} %`
}

/** A count with room for four characters: `980`, `1.2k`, `12k`. */
export function compact(count: number): string {
  if (count < 1_000) return String(count)
  const thousands = count / 1_000
  return thousands < 10 ? `${Math.floor(thousands * 10) / 10}k` : `${Math.floor(thousands)}k`
}

function statusOf({ failed, waiting, completed, skipped }: SimulatedNode): Mark['status'] {
  if (failed > 0) return 'failed'
  if (waiting > 0) return 'waiting'
  return completed === 0 && skipped > 0 ? 'skipped' : 'completed'
}

/** On which days of the simulation, counted from 1, steps of a node began: `3`, `1–8`. */
export function daysOf({ firstAt, lastAt }: Pick<SimulatedNode, 'firstAt' | 'lastAt'>, startAt: string): string {
  if (firstAt === undefined || lastAt === undefined) return ''
  const [first, last] = [firstAt, lastAt].map(
    (at) => Math.floor((Date.parse(at) - Date.parse(startAt)) / 86_400_000) + 1,
  )
  return first === last ? String(first) : `${first}–${last}`
}
