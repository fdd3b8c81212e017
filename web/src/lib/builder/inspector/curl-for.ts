import type { GraphNode } from '#contract/graph.ts'
import type { Json } from '#contract/json.ts'

/** A command line that calls a webhook with an example, for any shell that is like sh. */
export function curlFor(url: string, node: GraphNode, example: Json): string {
  const methods = node.params['methods']
  const method = Array.isArray(methods) && typeof methods[0] === 'string' ? methods[0] : 'POST'
  if (method === 'GET') return `curl ${quote(url)}`
  const body = typeof example === 'object' && example !== null && !Array.isArray(example) ? (example['body'] ?? {}) : {}
  return [
    `curl -X ${method} ${quote(url)}`,
    `  -H 'content-type: application/json'`,
    `  -d ${quote(JSON.stringify(body))}`,
  ].join(' \\\n')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
