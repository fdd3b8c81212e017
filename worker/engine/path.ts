import type { StepPath } from './event.ts'

/** The node a step path leads to: `score` of `score`, `score#2` and `each[3].score`. */
export function nodeOf(path: StepPath): string {
  const start = path.lastIndexOf('.') + 1
  const end = path.indexOf('#', start)
  return end < 0 ? path.slice(start) : path.slice(start, end)
}

/** The path of a node's nth visit, counted from 1: the first is the node's id itself. */
export function pathOf(node: string, visit: number): StepPath {
  return visit === 1 ? node : `${node}#${visit}`
}
