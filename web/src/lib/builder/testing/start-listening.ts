import type { GraphNode } from '#contract/graph.ts'
import type { Builder } from '../builder.svelte.ts'
import { chosenTrigger } from './start-test.ts'

/** The trigger at which a test could begin with what comes: the one that is chosen, or the first. */
export function triggerToHear(builder: Builder): string | undefined {
  const chosen = chosenTrigger(builder)
  if (chosen !== undefined && mayListenAt(builder, chosen)) return chosen.id
  return builder.editor.graph.nodes.find((node) => mayListenAt(builder, node))?.id
}

/** Whether something comes to this step from outside, and the person may listen: whoever changes a workflow and tests it. */
export function mayListenAt({ canEdit, canExecute, canPublish }: Builder, { type }: Pick<GraphNode, 'type'>): boolean {
  if (!canEdit || !canExecute) return false
  // Whoever listens for events reads what only a live workflow would.
  return type === 'trigger.webhook' || (type === 'trigger.event' && canPublish)
}

/** Opens the panel of tests and listens at a trigger there. */
export function startListening(builder: Builder, nodeId: string): void {
  builder.testTriggerId = nodeId
  builder.side = 'test'
  void builder.listener.listen(nodeId)
}
