// history
//
// What earlier executions of a workflow teach: each as the way it took, step by step, with its times. Nothing is averaged
// here. How an execution will go on depends on where it stands, so that is asked of each way by itself (`outlook.ts`).

import type { JournalEntry } from '../engine/event.ts'
import { follow, newTrace } from './trace.ts'

/** One visit of a node in an execution that completed. Times are epoch ms. */
export interface PastVisit {
  readonly node: string
  readonly startedAt: number
  readonly endedAt: number
  /** It was cancelled: others decided when it ended. */
  readonly wasCut: boolean
  /** How often it went round, and how many steps that took: zero where it is no loop. */
  readonly rounds: number
  readonly inside: number
}

/** The way of an execution that completed. */
export interface PastWay {
  readonly startedAt: number
  readonly finishedAt: number
  /** In the order they began. */
  readonly visits: readonly PastVisit[]
  /** Where each node's visits are in that order. */
  readonly places: ReadonlyMap<string, readonly number[]>
}

/** Steps and ms of one round of a loop, over all that is known of it. */
export interface Pace {
  readonly steps: number
  readonly ms: number
}

export interface History {
  readonly ways: readonly PastWay[]
  /** By node. */
  readonly paces: ReadonlyMap<string, Pace>
}

/**
 * How many executions are looked at: enough for a median and its surroundings that mean something, few enough that it
 * tells of how things are now. And how many visits in all, because each is looked at again for each turn of another.
 */
export const historyLimits = { executions: 20, visits: 2_000 } as const

/** What these journals teach, newest first. One whose execution has not finished, or was taken up again, teaches nothing. */
export function learn(journals: Iterable<readonly JournalEntry[]>): History {
  const ways: PastWay[] = []
  let visits = 0
  for (const journal of journals) {
    const way = toWay(journal)
    if (way === null) continue
    visits += way.visits.length
    if (ways.length > 0 && visits > historyLimits.visits) break
    ways.push(way)
    if (ways.length === historyLimits.executions) break
  }
  return { ways, paces: pacesOf(ways) }
}

function toWay(journal: readonly JournalEntry[]): PastWay | null {
  const trace = newTrace()
  for (const { events } of journal) for (const event of events) follow(trace, event)
  const { startedAt, finishedAt, restarts } = trace
  if (startedAt === null || finishedAt === null || restarts > 0) return null
  const visits: PastVisit[] = []
  const places = new Map<string, number[]>()
  for (const { node, startedAt: began, endedAt, wasCut, rounds } of trace.visits.values()) {
    const known = places.get(node)
    if (known === undefined) places.set(node, [visits.length])
    else known.push(visits.length)
    visits.push({
      node,
      startedAt: began,
      endedAt: endedAt ?? finishedAt,
      wasCut: wasCut || endedAt === null,
      rounds: rounds?.ended ?? 0,
      inside: rounds?.begun ?? 0,
    })
  }
  return { startedAt, finishedAt, visits, places }
}

function pacesOf(ways: readonly PastWay[]): Map<string, Pace> {
  const sums = new Map<string, { rounds: number; steps: number; ms: number }>()
  for (const { visits } of ways) {
    for (const { node, rounds, inside, startedAt, endedAt } of visits) {
      if (rounds === 0) continue
      const sum = sums.get(node) ?? { rounds: 0, steps: 0, ms: 0 }
      sums.set(node, { rounds: sum.rounds + rounds, steps: sum.steps + inside, ms: sum.ms + endedAt - startedAt })
    }
  }
  return new Map([...sums].map(([node, { rounds, steps, ms }]) => [node, { steps: steps / rounds, ms: ms / rounds }]))
}
