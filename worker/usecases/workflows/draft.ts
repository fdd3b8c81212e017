import type { Graph, GraphNode } from '../../contract/graph.ts'
import { failureTrigger, graphLimits } from '../../contract/facts/graph.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { canonicalJson } from '../../lib/canonical-json.ts'
import { sha256Hex } from '../../lib/digest.ts'
import type { Listener } from '../../store/subscriptions.ts'
import type { DraftContent } from '../../store/workflows.ts'

/** A graph as it is stored. Throws `request.invalid` when it is larger than a definition may be. */
export async function toDraft(graph: Graph): Promise<DraftContent> {
  const graphText = canonicalJson(graph)
  if (new TextEncoder().encode(graphText).length > graphLimits.bytes) {
    const message = `is larger than ${graphLimits.bytes / 1024} KB`
    throw invalidRequest([{ path: 'graph', message }])
  }
  return {
    graphText,
    graphHash: sha256Hex(graphText),
    triggerTypes: [...new Set(triggersOf(graph).map(({ type }) => type))],
    nodeCount: graph.nodes.length,
    hookNodeIds: graph.nodes.filter(isWebhook).map(({ id }) => id),
  }
}

/** The nodes that start executions, in the order they were drawn. */
export function triggersOf(graph: Graph): GraphNode[] {
  return graph.nodes.filter(({ type }) => type.startsWith('trigger.') && type !== failureTrigger)
}

/** Whether the node has a webhook address of its own. */
export function isWebhook(node: GraphNode): boolean {
  return node.type === 'trigger.webhook'
}

/** What a published graph listens to. Disabled triggers hear nothing. */
export function listenersOf(graph: Graph): Listener[] {
  return triggersOf(graph).flatMap((node): Listener[] => {
    if (node.settings?.disabled === true) return []
    if (isWebhook(node)) return [{ kind: 'webhook', nodeId: node.id, params: node.params }]
    const match = node.params['eventType']
    if (node.type !== 'trigger.event' || typeof match !== 'string') return []
    return [{ kind: 'event', match, nodeId: node.id, params: node.params }]
  })
}
