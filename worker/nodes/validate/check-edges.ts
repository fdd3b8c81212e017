import type { GraphEdge } from '../../contract/graph.ts'
import type { Problem } from '../../contract/problem.ts'
import { portsOf } from '../ports-of.ts'
import { findBackEdges } from './find-cycle.ts'
import { withoutJumps, type GraphIndex } from './graph-index.ts'
import { ownersIn, type Owner } from './inside-of.ts'

/** What is wrong with the edges: ends that are not there, ports that are not there, ways that lead back. */
export function checkEdges(index: GraphIndex): Problem[] {
  const { graph, nodes } = index
  const problems: Problem[] = []
  const ids = new Set<string>()
  const ways = new Set<string>()
  const ports = new Map<string, Set<string>>()

  for (const [at, edge] of graph.edges.entries()) {
    const say = (code: string, message: string, key: string, severity: Problem['severity'] = 'error') =>
      problems.push({ severity, code, message, path: `edges.${at}.${key}`, edgeId: edge.id })

    if (ids.has(edge.id)) say('edge.duplicate_id', `Two edges have the id “${edge.id}”.`, 'id')
    ids.add(edge.id)
    const source = nodes.get(edge.source)
    const target = nodes.get(edge.target)
    if (source === undefined) say('edge.dangling', `The edge begins at “${edge.source}”, which is not there.`, 'source')
    if (target === undefined) say('edge.dangling', `The edge leads to “${edge.target}”, which is not there.`, 'target')
    if (source === undefined || target === undefined) continue

    if (target.definition?.kind === 'trigger') {
      say('edge.into_trigger', `“${target.node.name}” starts the workflow; nothing can lead to it.`, 'target')
    }
    const way = wayOf(edge)
    if (ways.has(way)) say('edge.duplicate', 'Another edge leads from and to the same places.', 'id', 'warning')
    ways.add(way)

    if (source.definition === undefined) continue
    let known = ports.get(edge.source)
    if (known === undefined) {
      known = new Set(portsOf(source.definition, source.node).map(({ name }) => name))
      ports.set(edge.source, known)
    }
    if (known.has(edge.sourcePort)) continue
    const hint = hints.get(edge.sourcePort) ?? ` It has ${list(known)}.`
    say('edge.unknown_port', `“${source.node.name}” has no way out “${edge.sourcePort}”.${hint}`, 'sourcePort')
  }

  for (const { edge, way } of findBackEdges(withoutJumps(index))) {
    const owner = ownersIn(index).find(({ owner, inside }) => owner.node.id === edge.target && inside.has(edge.source))
    if (owner !== undefined) {
      problems.push(drawnBack(owner, edge, graph.edges.indexOf(edge)))
      continue
    }
    const names = [...way, edge.target].map((id) => nodes.get(id)?.node.name ?? id)
    problems.push({
      severity: 'error',
      code: 'graph.cycle',
      message: `This way leads back to where it came from: ${shortened(names).join(' → ')}.`,
      path: `edges.${graph.edges.indexOf(edge)}`,
      edgeId: edge.id,
    })
  }
  return problems
}

/** What to do about ways out that settings have to ask for. */
const hints: ReadonlyMap<string, string> = new Map([
  ['error', ' Let its errors go on at a branch first, in its settings.'],
  ['undo', ' Say first that it can be undone, in its settings.'],
])

/** The end of what goes on inside a step is where nothing follows. */
function drawnBack({ owner: { node } }: Owner, edge: GraphEdge, at: number): Problem {
  return {
    severity: 'error',
    code: 'inside.drawn_back',
    message: `“${node.name}” goes on by itself when the last step inside it has ended. Remove this edge.`,
    path: `edges.${at}`,
    edgeId: edge.id,
  }
}

function wayOf({ source, sourcePort, target, targetPort }: GraphEdge): string {
  return JSON.stringify([source, sourcePort, target, targetPort])
}

function list(names: ReadonlySet<string>): string {
  return names.size === 0 ? 'none' : [...names].slice(0, 10).join(', ')
}

function shortened(names: readonly string[]): readonly string[] {
  return names.length <= 8 ? names : [...names.slice(0, 4), '…', ...names.slice(-3)]
}
