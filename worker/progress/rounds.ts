import type { StepPath } from '../engine/event.ts'

/** What went on in a loop, counted. Times are epoch ms. */
export interface Rounds {
  /** How often it will go round; null where that is not known before. */
  readonly total: number | null
  ended: number
  /** Steps in iterations that have ended. */
  stepsOfEnded: number
  lastEndedAt: number
  begun: number
  done: number
  /** Steps that have begun in each iteration that goes on. */
  readonly underWay: Map<string, number>
  readonly open: Set<StepPath>
  /** Steps that did not succeed: a redrive may begin them again. */
  readonly failed: Set<StepPath>
}

/** A loop that has begun and not gone round. `total`: how often it will, where that is known; `at` in epoch ms. */
export function newRounds(total: number | null, at: number): Rounds {
  return {
    total,
    ended: 0,
    stepsOfEnded: 0,
    lastEndedAt: at,
    begun: 0,
    done: 0,
    underWay: new Map(),
    open: new Set(),
    failed: new Set(),
  }
}

/** The path of the loop in which a path lies, the outermost of several; null where it lies in none. */
export function loopOf(path: StepPath): StepPath | null {
  const end = path.indexOf('[')
  return end < 0 ? null : path.slice(0, end)
}

/** A step of an iteration began. */
export function beginInside(rounds: Rounds, path: StepPath): void {
  if (rounds.open.has(path)) return
  rounds.open.add(path)
  count(rounds, path, 1)
}

/** A step of an iteration ended, whether or not it was seen to begin. */
export function endInside(rounds: Rounds, path: StepPath, succeeded: boolean): void {
  beginInside(rounds, path)
  rounds.open.delete(path)
  rounds.done += 1
  if (!succeeded) rounds.failed.add(path)
}

/** An iteration ended, at epoch ms. */
export function endRound(rounds: Rounds, index: number, at: number): void {
  rounds.ended += 1
  rounds.lastEndedAt = at
  rounds.stepsOfEnded += rounds.underWay.get(String(index)) ?? 0
  rounds.underWay.delete(String(index))
}

/** What was open in it is given up, and these of its steps begin anew. */
export function restartRounds(rounds: Rounds, anew: readonly StepPath[]): void {
  for (const path of rounds.open) count(rounds, path, -1)
  rounds.open.clear()
  for (const path of anew) {
    if (!rounds.failed.delete(path)) continue
    count(rounds, path, -1)
    rounds.done -= 1
  }
}

function count(rounds: Rounds, path: StepPath, by: 1 | -1): void {
  const index = path.slice(path.indexOf('[') + 1, path.indexOf(']'))
  rounds.underWay.set(index, Math.max(0, (rounds.underWay.get(index) ?? 0) + by))
  rounds.begun += by
}
