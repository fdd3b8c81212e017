import type { Problem } from '../../contract/problem.ts'
import type { GraphIndex } from './graph-index.ts'
import { ownersIn, reachedBy, type Owner } from './inside-of.ts'
import { inParams } from './problem-at.ts'

/** Where what goes on inside a step (a branch, an iteration) and what comes after it get mixed up. */
export function checkInside(index: GraphIndex): Problem[] {
  return ownersIn(index).flatMap((owner) => [...checkLeaving(index, owner), ...checkMerges(index, owner)])
}

/** Edges from the inside to what comes after. Errors may go to one place from anywhere. */
function checkLeaving(index: GraphIndex, { owner: { node }, ports, inside, after }: Owner): Problem[] {
  return index.graph.edges.flatMap((edge, at): Problem[] => {
    const { id, source, sourcePort, target } = edge
    const comesFromInside = source === node.id ? ports.includes(sourcePort) : inside.has(source) && !after.has(source)
    if (!comesFromInside || !after.has(target) || sourcePort === 'error') return []
    const name = index.nodes.get(target)?.node.name ?? target
    const message = `“${name}” comes after “${node.name}” and also inside it, so it runs inside as well. Draw what comes after at “Done” alone.`
    return [{ severity: 'warning', code: 'inside.goes_on', message, path: `edges.${at}`, edgeId: id }]
  })
}

function checkMerges(index: GraphIndex, { owner: { node }, ports, inside }: Owner): Problem[] {
  if (ports.length < 2) return []
  const byPort = ports.map((port) => reachedBy(index, node.id, (taken) => taken === port))
  return [...index.nodes.values()].flatMap((indexed): Problem[] => {
    if (indexed.node.type !== 'flow.merge' || !inside.has(indexed.node.id)) return []
    if (byPort.filter((reached) => reached.has(indexed.node.id)).length < 2) return []
    const message = `It cannot join branches of “${node.name}”, which joins them itself. Draw what comes after at “Done”.`
    return [inParams(indexed, [], { code: 'merge.across_branches', message })]
  })
}
