import type { GraphNode } from '#contract/graph.ts'
import type { Json } from '#contract/json.ts'
import { ownEventTypes } from '#contract/facts/own-events.ts'
import { shellQuoted } from '#lib/ui/shell-quoted.ts'

/** Whether anybody can cause what this trigger waits for by a request: not where only Leat itself emits such events. */
export function canBeSent({ type, params }: Pick<GraphNode, 'type' | 'params'>): boolean {
  const { eventType } = params
  if (type !== 'trigger.event' || typeof eventType !== 'string' || eventType === '*') return true
  const below = eventType.endsWith('*') ? eventType.slice(0, -1) : undefined
  return ![...ownEventTypes].some((own) => own === eventType || (below !== undefined && own.startsWith(below)))
}

/** A command line that calls a webhook, or sends an event, with an example, for any shell that is like sh. */
export function curlFor(url: string, node: GraphNode, example: Json): string {
  if (node.type === 'trigger.event') return curlForEvent(url, node, example)
  const methods = node.params['methods']
  const method = Array.isArray(methods) && typeof methods[0] === 'string' ? methods[0] : 'POST'
  if (method === 'GET') return `curl ${shellQuoted(url)}`
  const body = typeof example === 'object' && example !== null && !Array.isArray(example) ? (example['body'] ?? {}) : {}
  return [
    `curl -X ${method} ${shellQuoted(url)}`,
    `  -H 'content-type: application/json'`,
    `  -d ${shellQuoted(JSON.stringify(body))}`,
  ].join(' \\\n')
}

/** `url` is the address to which events are sent. */
function curlForEvent(url: string, { params }: GraphNode, example: Json): string {
  const { type, data } = typeof example === 'object' && example !== null && !Array.isArray(example) ? example : {}
  const asked = typeof params['eventType'] === 'string' ? params['eventType'] : ''
  // A pattern is no type: then it is the one of the example, or one that fits.
  const fitting = asked.endsWith('*') ? (type ?? `${asked.slice(0, -1)}happened`) : asked
  return [
    `curl -X POST ${shellQuoted(url)}`,
    `  -H 'authorization: Bearer leat_YOUR_KEY'`,
    `  -H 'content-type: application/json'`,
    `  -d ${shellQuoted(JSON.stringify({ type: fitting === '' ? 'order.paid' : fitting, data: data ?? {} }))}`,
  ].join(' \\\n')
}
