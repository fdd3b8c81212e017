import type { CalendarSnapshot } from '../contract/calendar.ts'
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

/** Of an organization's calendars those that a graph can ask for: they are kept with each of its executions. */
export function calendarsFor({ nodes }: Graph, { default: standard, calendars }: CalendarSnapshot): CalendarSnapshot {
  const named = new Set<unknown>([standard, ...nodes.filter(waitsByCalendar).map(({ params }) => params['calendar'])])
  return {
    default: standard,
    calendars: Object.fromEntries(Object.entries(calendars).filter(([id]) => named.has(id))),
  }
}
