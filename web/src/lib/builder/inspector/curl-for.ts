import type { GraphNode } from '#contract/graph.ts'
import type { Json } from '#contract/json.ts'
import { shellQuoted } from '#lib/ui/shell-quoted.ts'

/** A command line that calls a webhook with an example, for any shell that is like sh. */
export function curlFor(url: string, node: GraphNode, example: Json): string {
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
