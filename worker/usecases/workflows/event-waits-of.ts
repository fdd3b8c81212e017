import type { Graph } from '../../contract/graph.ts'
import { rulesOf, watchesEvents } from '../../enrolment/rules.ts'
import { waitsForEvents } from '../../nodes/waits-for-events.ts'
import type { EventWait } from '../../store/event-waits.ts'

/** Which events executions of a graph may wait for, and whether contacts that are let in by it look at what names them. */
export function eventWaitsOf(graph: Graph): EventWait[] {
  const rules = rulesOf(graph)
  const isWatching = rules !== undefined && watchesEvents(rules)
  return [...waitsForEvents(graph), ...(isWatching ? [byEnrolled] : [])]
}

const byEnrolled = { match: '*', ofContact: false, byEnrolled: true } as const
