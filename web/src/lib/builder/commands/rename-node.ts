import { graphLimits } from '#contract/facts/graph.ts'
import { changeNode } from './change-node.ts'
import { defineCommand } from './command.ts'

/** Changes the name people read. The id, which expressions use, stays. An empty name is not taken. */
export const renameNode = defineCommand<{ id: string; name: string }>({
  name: 'renameNode',
  label: 'rename',
  coalesce: ({ id }) => `rename:${id}`,
  perform(graph, { id, name }) {
    const next = name.trim().slice(0, graphLimits.nameLength).trim()
    return next === '' ? graph : changeNode(graph, id, (node) => (node.name === next ? node : { ...node, name: next }))
  },
})
