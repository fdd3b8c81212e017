import { type NodeSettings } from '#contract/graph.ts'
import { followPorts } from '../model/follow-ports.ts'
import { type NodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'
import { changeNode } from './change-node.ts'
import { defineCommand } from './command.ts'

/** A node's settings with some of them changed: `undefined` goes back to the default. */
export type SettingsPatch = { [Key in keyof NodeSettings]?: NodeSettings[Key] | undefined }

/** Changes some of a node's settings. Turning the error branch off takes its edges away. */
export const setNodeSettings = defineCommand<{ id: string; patch: SettingsPatch; lookup: NodeTypeLookup }>({
  name: 'setNodeSettings',
  label: 'change settings',
  coalesce: ({ id, patch }) => `settings:${id}:${Object.keys(patch).join(',')}`,
  perform(graph, { id, patch, lookup }) {
    const node = graph.nodes.find((candidate) => candidate.id === id)
    if (node === undefined) return graph
    const settings = merged(node.settings, patch)
    if (JSON.stringify(settings ?? {}) === JSON.stringify(node.settings ?? {})) return graph
    const { settings: _before, ...bare } = node
    const changed = settings === undefined ? bare : { ...bare, settings }
    const nodeType = lookup(node.type)
    const next = changeNode(graph, id, () => changed)
    return followPorts(next, id, portsOf(node, nodeType), portsOf(changed, nodeType))
  },
})

/** Drops what is undefined, and the whole when nothing is left, so that a default is the absence of a setting. */
function merged(settings: NodeSettings | undefined, patch: SettingsPatch): NodeSettings | undefined {
  const entries = Object.entries({ ...settings, ...patch }).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as NodeSettings)
}
