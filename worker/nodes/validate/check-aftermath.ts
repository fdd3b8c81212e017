import type { GraphEdge } from '../../contract/graph.ts'
import { failureTrigger } from '../../contract/facts/graph.ts'
import type { Problem } from '../../contract/problem.ts'
import { undoPort } from '../ports-of.ts'
import { nodesAfterEnd, undoesOf } from './after-end.ts'
import type { GraphIndex, IndexedNode } from './graph-index.ts'
import { inSettings } from './problem-at.ts'

/** What is wrong with what is done after an execution failed: its error handler, and what undoes its steps. */
export function checkAftermath(index: GraphIndex): Problem[] {
  return [...checkHandlers(index), ...checkUndoing(index), ...checkBorders(index)]
}

function checkHandlers({ nodes, graph }: GraphIndex): Problem[] {
  const handlers = [...nodes.values()].filter(({ node }) => node.type === failureTrigger)
  const problems = handlers
    .slice(1)
    .map((indexed) =>
      atNode(indexed, 'error', 'failure.several', 'A workflow has one error handler. Let the other one lead here too.'),
    )
  const [first] = handlers
  if (first === undefined || graph.settings?.errorHandler === undefined) return problems
  const message = `“${first.node.name}” handles failures already, so the workflow chosen here is never called. Remove one of them.`
  return [...problems, { severity: 'error', code: 'failure.two_handlers', message, path: 'settings.errorHandler' }]
}

function checkUndoing(index: GraphIndex): Problem[] {
  const after = nodesAfterEnd(index)
  return [...index.nodes.values()].flatMap((indexed): Problem[] => {
    const { node, definition } = indexed
    if (node.settings?.undo !== true && node.settings?.undoWhenUnknown === true) {
      const message = 'A step that cannot be undone is not undone when nobody knows whether it happened either.'
      return [inSettings(indexed, ['undoWhenUnknown'], { severity: 'warning', code: 'settings.undo_unused', message })]
    }
    if (node.settings?.undo !== true || definition === undefined) return []
    const say = (code: string, message: string) => [
      inSettings(indexed, ['undo'], { severity: 'warning', code, message }),
    ]
    if (definition.kind !== 'effect' && node.type !== 'flow.call') {
      return say('settings.undo_unused', 'Only what acts on the world can be undone.')
    }
    if (after.has(node.id)) {
      return say('undo.after_end', 'What runs after an execution failed is not undone itself.')
    }
    const leads = index.outgoing.get(node.id)?.some(({ sourcePort }) => sourcePort === undoPort.name) === true
    return leads ? [] : say('undo.nothing', 'Nothing undoes it yet. Draw an edge from “Undo” to the step that does.')
  })
}

/** Edges between what an execution does and what is done after it failed. */
function checkBorders(index: GraphIndex): Problem[] {
  const after = nodesAfterEnd(index)
  if (after.size === 0) return []
  return index.graph.edges.flatMap((edge, at): Problem[] => {
    const { id, source, target } = edge
    const from = index.nodes.get(source)
    if (from === undefined || !after.has(target) || beginsAfterEnd(index, edge) || after.has(source)) return []
    const name = index.nodes.get(target)?.node.name ?? target
    const message = `“${name}” is done only after the workflow failed, so nothing else can lead to it. Draw a step of its own.`
    return [{ severity: 'error', code: 'after_end.shared', message, path: `edges.${at}`, edgeId: id }]
  })
}

function beginsAfterEnd(index: GraphIndex, { source, sourcePort }: GraphEdge): boolean {
  return sourcePort === undoPort.name && undoesOf(index.nodes.get(source)?.node)
}

function atNode({ node, index }: IndexedNode, severity: Problem['severity'], code: string, message: string): Problem {
  return { severity, code, message, path: `nodes.${index}`, nodeId: node.id }
}
