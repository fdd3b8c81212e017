import type { Graph } from '../contract/graph.ts'

/** Which events executions of a graph may wait for, each once: by type or pattern, about one contact or any. */
export function waitsForEvents({ nodes }: Graph): { match: string; ofContact: boolean }[] {
  const waits = new Map<string, { match: string; ofContact: boolean }>()
  for (const { type, params } of nodes) {
    const isForEvent = type === 'flow.waitForEvent'
    if (!isForEvent && type !== 'flow.waitForCondition') continue
    const { of = 'contact', eventType } = params
    const match = isForEvent || of === 'event' ? eventType : 'contact.*'
    if (typeof match !== 'string' || match === '') continue
    const ofContact = of === 'contact'
    waits.set(`${ofContact} ${match}`, { match, ofContact })
  }
  return [...waits.values()]
}
