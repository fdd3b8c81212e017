import { failureTrigger } from '../../contract/facts/graph.ts'
import type { Problem } from '../../contract/problem.ts'
import { isAnsweredByNode, isRespond } from './answers.ts'
import { reachableFrom, type GraphIndex, type IndexedNode } from './graph-index.ts'

/** What is wrong with the graph as a whole: where it starts, what cannot be reached, who answers. */
export function checkFlow(index: GraphIndex): Problem[] {
  const nodes = [...index.nodes.values()]
  const triggers = nodes.filter(({ definition }) => definition?.kind === 'trigger')
  const starts = triggers.filter(({ node }) => node.type !== failureTrigger)
  if (nodes.length === 0) return [noTrigger('The workflow is empty. Add a trigger to start it.')]
  const problems = starts.length === 0 ? [noTrigger('Nothing starts this workflow. Add a trigger.')] : []

  // It can still be executed by hand, from a trigger that hears nothing too.
  const isAsleep = starts.length > 0 && starts.every(isOff)
  if (isAsleep) {
    const message = 'Its triggers are switched off, so it starts only when somebody executes it by hand.'
    problems.push({ severity: 'warning', code: 'graph.triggers_off', message, path: 'nodes' })
  }

  const idsOf = (some: readonly IndexedNode[]) => some.map(({ node }) => node.id)
  const reached = reachableFrom(index, idsOf(triggers))
  const awake = reachableFrom(index, idsOf(triggers.filter((trigger) => !isOff(trigger))))
  // Where nothing is reached at all, saying so of every node would help nobody.
  for (const indexed of triggers.length === 0 ? [] : nodes) {
    const { id } = indexed.node
    if (!reached.has(id)) {
      problems.push(atNode(indexed, 'warning', 'node.unreachable', 'No trigger leads here, so it never runs.'))
    } else if (!isAsleep && !awake.has(id) && indexed.definition?.kind !== 'trigger') {
      const message = 'Only a trigger that is switched off leads here, so it does not run by itself.'
      problems.push(atNode(indexed, 'warning', 'node.unreachable', message))
    }
  }
  for (const trigger of triggers.filter(isAnsweredByNode)) {
    const answers = [...reachableFrom(index, [trigger.node.id])].some((id) => isRespond(index.nodes.get(id)))
    if (!answers) {
      const message = 'It waits for a “Respond to webhook” step, but none comes after it.'
      problems.push({
        ...atNode(trigger, 'error', 'webhook.no_respond', message),
        path: `nodes.${trigger.index}.params.respond`,
      })
    }
  }
  if (!triggers.some(isAnsweredByNode)) {
    const message = 'No webhook waits for this answer. Let one answer “By a Respond step”.'
    problems.push(
      ...nodes.filter(isRespond).map((indexed) => atNode(indexed, 'warning', 'webhook.respond_unused', message)),
    )
  }
  return problems
}

function noTrigger(message: string): Problem {
  return { severity: 'error', code: 'graph.no_trigger', message, path: 'nodes' }
}

function atNode({ node, index }: IndexedNode, severity: Problem['severity'], code: string, message: string): Problem {
  return { severity, code, message, path: `nodes.${index}`, nodeId: node.id }
}

function isOff({ node }: IndexedNode): boolean {
  return node.settings?.disabled === true
}
