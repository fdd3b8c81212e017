// outlook
//
// Where an execution stands on the ways that others took.
//
//   live   start ✔ ─► score ✔ ─► ask …                    anchor: `ask`, its first visit
//   past   start ─► score ─► ask ─► send ─► note          ahead of it on this way: send, note
//
//   O1. An execution stands at its open steps: the anchors. A loop is one anchor, whatever is open in it. Steps that only
//       own what goes on beside each other in them say nothing that those do not. Where nothing is open it stands
//       behind the step that ended last.
//   O2. A way counts when it came past the anchors: all of them, or where no way did, as many as any did. Among those
//       the ones that also came past every other node it has been to are preferred, once there are a few of them.
//   O3. Ahead on a way is what came after the first anchor there, without what has happened here already: branches that go
//       on beside each other are never twice the same.
//   O4. A loop with a known number of rounds is expected to go round that often, at the pace of the way and of its own
//       rounds so far, whatever the number was on the way.

import type { History, Pace, PastVisit, PastWay } from './history.ts'
import type { Rounds } from './rounds.ts'
import type { Trace, Visit } from './trace.ts'

/** An open step, and the visit of a way that it is held against. */
export interface Anchor {
  readonly visit: Visit
  readonly past: PastVisit
}

/** How one way went on from where the execution stands. */
export interface Ahead {
  readonly way: PastWay
  readonly anchors: readonly Anchor[]
  /** Steps that have not begun here. */
  readonly steps: number
}

/** So many ways that are alike are enough to leave the others out. */
const enough = 3

/** Tells how others went on. Asked of one execution again and again, it works out anew only what changed. */
export class Outlook {
  readonly #history: History
  #revision = -1
  #outside: Ahead[] = []

  constructor(history: History) {
    this.#history = history
  }

  /** Nothing, when no way came past where the execution stands. */
  from(trace: Trace): Ahead[] {
    if (trace.revision !== this.#revision) {
      this.#outside = lookFrom(trace, this.#history)
      this.#revision = trace.revision
    }
    return this.#outside.map((ahead) => ({ ...ahead, steps: ahead.steps + this.#stepsInside(ahead) }))
  }

  /** Steps that are still to begin in loops that go on. */
  #stepsInside({ anchors }: Ahead): number {
    let steps = 0
    for (const { visit, past } of anchors) {
      const { rounds, node, endedAt } = visit
      if (rounds === null || endedAt !== null) continue
      if (rounds.total === null) steps += Math.max(0, past.inside - rounds.begun)
      else steps += stepsOfRounds(rounds, rounds.total, paceOf(past, this.#history.paces.get(node)))
    }
    return steps
  }
}

/** The pace of a loop: that of the way, or where it did not go round there, that of all ways. */
export function paceOf({ rounds, inside, startedAt, endedAt }: PastVisit, known: Pace | undefined): Pace | undefined {
  return rounds === 0 ? known : { steps: inside / rounds, ms: (endedAt - startedAt) / rounds }
}

function stepsOfRounds(rounds: Rounds, total: number, pace: Pace | undefined): number {
  const { ended, stepsOfEnded, underWay } = rounds
  // What was learned counts as much as one round of its own.
  const perRound = pace === undefined ? stepsOfEnded / Math.max(1, ended) : (stepsOfEnded + pace.steps) / (ended + 1)
  let begun = 0
  for (const steps of underWay.values()) begun += steps
  return Math.max(0, Math.round((total - ended) * perRound - begun))
}

function lookFrom(trace: Trace, { ways }: History): Ahead[] {
  const stands = anchorsOf(trace)
  if (stands.length === 0) return ways.map((way) => ({ way, anchors: [], steps: stepsAfter(way, -1, trace) }))
  const found = ways.map((way) => ({ way, places: stands.map((visit) => placeOf(way, visit)) }))
  const most = Math.max(0, ...found.map(({ places }) => matches(places)))
  if (most === 0) return []
  const past = found.filter(({ places }) => matches(places) === most)
  const alike = past.filter(({ way }) => cameEverywhere(way, trace))
  return (alike.length >= enough ? alike : past).map(({ way, places }) => {
    const known = places.filter((place) => place !== null)
    const anchors = stands.flatMap((visit, index) => {
      const place = places[index]
      return place === null || place === undefined ? [] : [{ visit, past: way.visits[place]! }]
    })
    return { way, anchors, steps: stepsAfter(way, Math.min(...known), trace) }
  })
}

/** Where it stands (O1). */
function anchorsOf({ open, last }: Trace): Visit[] {
  const all = [...open]
  const inner = all.filter(({ isOwner }) => !isOwner)
  if (inner.length > 0) return inner
  if (all.length > 0) return all
  return last === null ? [] : [last]
}

function matches(places: readonly (number | null)[]): number {
  return places.filter((place) => place !== null).length
}

/** Which of a way's visits this one is: as many visits of its node in, or the last. Null: it did not come there. */
function placeOf({ places }: PastWay, { node, path }: Visit): number | null {
  const known = places.get(node)
  if (known === undefined) return null
  const mark = path.indexOf('#')
  const visit = mark < 0 ? 1 : Number(path.slice(mark + 1))
  return known[Math.min(visit, known.length) - 1] ?? null
}

function cameEverywhere({ places }: PastWay, { counts }: Trace): boolean {
  for (const [node, count] of counts) if (count > 0 && !places.has(node)) return false
  return true
}

/** Steps of a way after one of its visits, without as many visits of each node as have begun here (O3). */
function stepsAfter({ visits, places }: PastWay, place: number, { counts }: Trace): number {
  const left = new Map<string, number>()
  let steps = 0
  for (let index = visits.length - 1; index > place; index--) {
    const { node, inside } = visits[index]!
    const more = left.get(node) ?? (places.get(node)?.length ?? 0) - (counts.get(node) ?? 0)
    if (more > 0) steps += 1 + inside
    left.set(node, more - 1)
  }
  return steps
}
