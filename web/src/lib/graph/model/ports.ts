import type { GraphNode } from '#contract/graph.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeType, Port } from '#contract/node-type.ts'

/** Looks a node type up by name. Undefined for a type this installation does not know. */
export type NodeTypeLookup = (type: string) => NodeType | undefined

export function nodeTypeLookup(nodeTypes: readonly NodeType[]): NodeTypeLookup {
  const byName = new Map(nodeTypes.map((nodeType) => [nodeType.type, nodeType]))
  return (type) => byName.get(type)
}

/** The way out that a failed step takes when it is told to branch. */
export const errorPort: Port = { name: 'error', label: 'On error' }

/** Where what undoes a step begins. */
export const undoPort: Port = { name: 'undo', label: 'Undo' }

/**
 * The ways out of one node, first the ones its params make (the cases of a switch), then the fixed ones, then the
 * error branch and the way to what undoes it when its settings ask for them. A node of an unknown type has none of its own.
 */
export function portsOf(node: Pick<GraphNode, 'params' | 'settings'>, nodeType: NodeType | undefined): readonly Port[] {
  const ports = [...(nodeType ? portsFromParams(node.params, nodeType) : []), ...(nodeType?.ports ?? [])]
  if (node.settings?.onError === 'branch' && !ports.some((port) => port.name === errorPort.name)) ports.push(errorPort)
  if (node.settings?.undo === true && !ports.some((port) => port.name === undoPort.name)) ports.push(undoPort)
  return ports
}

function portsFromParams(params: JsonObject, { portsFrom, ports }: NodeType): Port[] {
  const entries = portsFrom === undefined ? undefined : params[portsFrom]
  if (!Array.isArray(entries)) return []
  // A draft may name one way out twice, or as one that its node has anyway: it is shown once, for somebody to mend it.
  const seen = new Set(ports.map(({ name }) => name))
  return entries.flatMap((entry, index) => {
    const name = textAt(entry, 'port')
    if (name === undefined || seen.has(name)) return []
    seen.add(name)
    return [{ name, label: textAt(entry, 'label') ?? textAt(entry, 'name') ?? (name || `Case ${index + 1}`) }]
  })
}

function textAt(value: Json | undefined, key: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const text = value[key]
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** Whether edges may lead into a node of this type. Triggers start; nothing comes before them. */
export function hasInput(nodeType: NodeType | undefined): boolean {
  return nodeType?.isTrigger !== true
}
