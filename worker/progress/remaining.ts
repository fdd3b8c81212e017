import type { Estimate } from '../contract/progress.ts'
import type { History } from './history.ts'
import { type Ahead, type Anchor, paceOf } from './outlook.ts'
import { estimateOf } from './quantiles.ts'
import type { Trace } from './trace.ts'

/** Time until the end, in ms, and whether what goes on has taken longer than it ever did. */
export interface Remaining {
  readonly time: Estimate | null
  readonly isLate: boolean
}

/** `left`: of the step itself, or null when it has taken longer than then; `after`: from its end to that of all. */
interface Time {
  readonly left: number | null
  readonly after: number
}

/**
 * How long others went on from where the execution stands at `now` (epoch ms). Of a wait it is known when it ends. Of any
 * other step those ways count on which it took longer than it has here; when there is none, what came after it does.
 */
export function remaining(aheads: readonly Ahead[], trace: Trace, { paces }: History, now: number): Remaining {
  const all = aheads.map(({ way, anchors }) => {
    if (anchors.length === 0) {
      return [{ left: way.finishedAt - way.startedAt - (now - (trace.startedAt ?? now)), after: 0 }]
    }
    return anchors.map((anchor) => timeOf(anchor, way.finishedAt, paces.get(anchor.visit.node), now))
  })
  const inTime = all.filter((times) => times.every(({ left }) => left !== null))
  const counted = inTime.length > 0 ? inTime : all
  const ends = counted.map((times) => Math.max(0, ...times.map(({ left, after }) => (left ?? 0) + after)))
  return { time: estimateOf(ends), isLate: inTime.length === 0 && all.length > 0 }
}

function timeOf({ visit, past }: Anchor, finishedAt: number, known: ReturnType<typeof paceOf>, now: number): Time {
  const after = finishedAt - past.endedAt
  if (visit.endedAt !== null) return { left: 0, after: Math.max(0, after - (now - visit.endedAt)) }
  return { left: leftOf({ visit, past }, known, now), after }
}

function leftOf({ visit, past }: Anchor, known: ReturnType<typeof paceOf>, now: number): number | null {
  const { hold, rounds, startedAt } = visit
  if (hold?.kind === 'until' && !past.wasCut) return Math.max(0, hold.at - now)
  if (rounds !== null && rounds.total !== null) {
    const { total, ended, lastEndedAt } = rounds
    const pace = paceOf(past, known)
    const own = lastEndedAt - startedAt
    const perRound = pace === undefined ? own / Math.max(1, ended) : (own + pace.ms) / (ended + 1)
    return Math.max(0, perRound * (total - ended) - (now - lastEndedAt))
  }
  const left = past.endedAt - past.startedAt - (now - startedAt)
  if (hold?.kind === 'notBefore' && !past.wasCut) return Math.max(hold.at - now, left, 0)
  if (left < 0) return null
  return hold === null || hold.kind === 'notBefore' ? left : Math.min(left, Math.max(0, hold.at - now))
}
