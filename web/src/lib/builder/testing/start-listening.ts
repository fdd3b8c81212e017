import type { Builder } from '../builder.svelte.ts'
import { chosenTrigger } from './start-test.ts'

/** The webhook at which a test could begin with what comes: the one that is chosen, or the first. */
export function webhookToHear(builder: Builder): string | undefined {
  const chosen = chosenTrigger(builder)
  if (chosen?.type === 'trigger.webhook') return chosen.id
  return builder.editor.graph.nodes.find(({ type }) => type === 'trigger.webhook')?.id
}

/** Whether the person may listen at webhooks: whoever changes a workflow and tests it. */
export function mayListen({ canEdit, canExecute }: Builder): boolean {
  return canEdit && canExecute
}

/** Opens the panel of tests and listens at a webhook there. */
export function startListening(builder: Builder, nodeId: string): void {
  builder.testTriggerId = nodeId
  builder.side = 'test'
  void builder.listener.listen(nodeId)
}
