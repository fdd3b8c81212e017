// path: `each[3].score#2`
//
// A step's place: what it lies in (`each[3].`, nothing at the top), its node, and which visit of that node there.
// The part without the visit is its `spot`; visits are counted by spot.

import type { StepPath } from './event.ts'

/** The node a step path leads to: `score`, whatever it lies in. */
export function nodeOf(path: StepPath): string {
  const start = path.lastIndexOf('.') + 1
  const end = path.indexOf('#', start)
  return end < 0 ? path.slice(start) : path.slice(start, end)
}

/** The path without its visit. */
export function spotOf(path: StepPath): string {
  const end = path.indexOf('#', path.lastIndexOf('.') + 1)
  return end < 0 ? path : path.slice(0, end)
}

/** The spot of another node beside this step. */
export function spotBeside(path: StepPath, node: string): string {
  const end = path.lastIndexOf('.') + 1
  return end === 0 ? node : path.slice(0, end) + node
}

/** The path of the nth visit of a spot, counted from 1: the first is the spot itself. */
export function pathOf(spot: string, visit: number): StepPath {
  return visit === 1 ? spot : `${spot}#${visit}`
}
