import type { Graph, GraphNode } from '../contract/graph.ts'

/** Whether a node waits by a business calendar; which one is its param `calendar`, or the default when that is empty. */
export function waitsByCalendar({ type, params }: GraphNode): boolean {
  return type === 'flow.wait' && params['mode'] === 'businessHours'
}

/** Whether a graph needs to be compiled with the organization's calendars: for their hours, or for its time zone. */
export function readsCalendars({ nodes }: Graph): boolean {
  return nodes.some(
    (node) => waitsByCalendar(node) || (node.type === 'flow.wait' && (node.params['zone'] ?? 'fixed') !== 'fixed'),
  )
}
