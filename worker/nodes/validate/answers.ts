import type { IndexedNode } from './graph-index.ts'

/** Whether it is a webhook whose sender hears what a step of the workflow answers. */
export function isAnsweredByNode({ node }: IndexedNode): boolean {
  return node.type === 'trigger.webhook' && node.params['respond'] === 'node'
}

/** Whether it is a step that answers. */
export function isRespond(indexed: IndexedNode | undefined): boolean {
  return indexed?.node.type === 'webhook.respond' && indexed.node.settings?.disabled !== true
}
