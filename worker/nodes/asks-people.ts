import type { Graph } from '../contract/graph.ts'

/** Whether executions of a graph can ask anybody. */
export function asksPeople({ nodes }: Graph): boolean {
  return nodes.some(({ type }) => type === 'people.approval')
}
