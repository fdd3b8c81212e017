import type { JsonObject } from '#contract/json.ts'
import { type NodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'
import { followPorts } from '../model/follow-ports.ts'
import { changeNode } from './change-node.ts'
import { defineCommand } from './command.ts'

/**
 * Sets a node's params. `field` names the one that was edited, so that typing into it is one step of undo. Where params
 * make the ways out, edges follow the way they were drawn from: renamed with it, deleted with it.
 */
export const setParams = defineCommand<{ id: string; params: JsonObject; field?: string; lookup: NodeTypeLookup }>({
  name: 'setParams',
  label: 'edit',
  coalesce: ({ id, field }) => `params:${id}:${field ?? ''}`,
  perform(graph, { id, params, lookup }) {
    const node = graph.nodes.find((candidate) => candidate.id === id)
    if (node === undefined || JSON.stringify(node.params) === JSON.stringify(params)) return graph
    const changed = { ...node, params }
    const nodeType = lookup(node.type)
    const next = changeNode(graph, id, () => changed)
    return followPorts(next, id, portsOf(node, nodeType), portsOf(changed, nodeType))
  },
})
