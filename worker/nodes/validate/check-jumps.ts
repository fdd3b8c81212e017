import type { Problem } from '../../contract/problem.ts'
import { jump } from '../flow/go-to.ts'
import { isJump, type GraphIndex } from './graph-index.ts'
import { ownersIn } from './inside-of.ts'
import { inParams } from './problem-at.ts'

/** “Go to” nodes that go nowhere, to several places, or into or out of what goes on inside another step. */
export function checkJumps(index: GraphIndex): Problem[] {
  return [...checkTargets(index), ...checkBorders(index)]
}

function checkTargets({ nodes, outgoing }: GraphIndex): Problem[] {
  return [...nodes.values()].flatMap((indexed): Problem[] => {
    if (indexed.node.type !== 'flow.goTo') return []
    const edges = (outgoing.get(indexed.node.id) ?? []).filter(({ sourcePort }) => sourcePort === jump.name)
    if (edges.length === 1) return []
    const message =
      edges.length === 0
        ? 'It goes nowhere. Draw an edge from “Go to” to the step that is to be done next.'
        : 'It can go to one step only. Leave one edge at “Go to”.'
    return [inParams(indexed, [], { code: edges.length === 0 ? 'go_to.nowhere' : 'go_to.several', message })]
  })
}

function checkBorders(index: GraphIndex): Problem[] {
  const owners = ownersIn(index)
  return index.graph.edges.flatMap((edge, at): Problem[] => {
    if (!isJump(index, edge)) return []
    const { source, target } = edge
    const crossed = owners.find(({ inside }) => inside.has(source) !== inside.has(target))
    if (crossed === undefined) return []
    const name = crossed.owner.node.name
    const message = crossed.inside.has(source)
      ? `It lies inside “${name}” and cannot go out of it. Go to a step inside, or let “${name}” stop.`
      : `It cannot go into “${name}” from outside. Go to “${name}” itself.`
    return [{ severity: 'error', code: 'go_to.across', message, path: `edges.${at}`, edgeId: edge.id }]
  })
}
