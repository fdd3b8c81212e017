import type { GraphNode } from '../contract/graph.ts'
import type { Json } from '../contract/json.ts'
import type { Port } from '../contract/node-type.ts'
import type { NodeDefinition } from './define.ts'

/** The way out of a step that failed, where its settings say that the workflow goes on there. */
export const errorPort: Port = { name: 'error', label: 'On error' }

/** Where what undoes a step begins, where its settings say that it can be undone. */
export const undoPort: Port = { name: 'undo', label: 'Undo' }

/** Every way out of a node as it is set up: those of its params first, then the fixed ones, then `error` and `undo`. */
export function portsOf(definition: NodeDefinition, node: GraphNode): Port[] {
  const fromParams = definition.portsFrom === undefined ? [] : listed(node.params[definition.portsFrom])
  const { onError, undo } = node.settings ?? {}
  const asked = [...(onError === 'branch' ? [errorPort] : []), ...(undo === true ? [undoPort] : [])]
  return [...fromParams, ...definition.ports, ...asked]
}

function listed(entries: Json | undefined): Port[] {
  if (!Array.isArray(entries)) return []
  return entries.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return []
    const { port, label } = entry
    if (typeof port !== 'string') return []
    return [{ name: port, label: typeof label === 'string' && label !== '' ? label : port }]
  })
}
