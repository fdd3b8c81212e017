import { graphLimits } from '#contract/facts/graph.ts'
import { type Notice, notices } from '#lib/ui/notices.svelte.ts'

/** Says that nothing was added, because a workflow would get too large; `action` is what can be done instead. */
export function sayNoRoom(action?: Notice['action']): void {
  notices.show({
    tone: 'failed',
    title: 'There is no room for that in this workflow',
    detail: `A workflow holds ${graphLimits.nodes} steps, ${graphLimits.edges.toLocaleString('en')} connections and ${graphLimits.notes} notes. Another workflow can take the rest, and be called.`,
    ...(action === undefined ? {} : { action }),
  })
}
