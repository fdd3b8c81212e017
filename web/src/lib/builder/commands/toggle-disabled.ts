import { defineCommand } from './command.ts'

/** Disables the nodes, or enables them when all of them are disabled already. */
export const toggleDisabled = defineCommand<{ ids: ReadonlySet<string> }>({
  name: 'toggleDisabled',
  label: 'disable',
  perform(graph, { ids }) {
    const chosen = graph.nodes.filter((node) => ids.has(node.id))
    if (chosen.length === 0) return graph
    const disable = chosen.some((node) => node.settings?.disabled !== true)
    return {
      ...graph,
      nodes: graph.nodes.map((node) => {
        if (!ids.has(node.id) || (node.settings?.disabled === true) === disable) return node
        const { disabled: _was, ...settings } = node.settings ?? {}
        const { settings: _all, ...bare } = node
        if (disable) return { ...bare, settings: { ...settings, disabled: true } }
        return Object.keys(settings).length === 0 ? bare : { ...bare, settings }
      }),
    }
  },
})
