import type { Graph } from '../contract/graph.ts'
import type { JsonObject } from '../contract/json.ts'
import { rootReads } from './root-reads.ts'

const known = new WeakMap<Graph, OrganizationReads>()

/** Names of the organization's variables that a graph reads; `all` where it computes one, null where it reads none. */
export type OrganizationReads = readonly string[] | 'all' | null

/** What a graph reads of them: found out once per graph. */
export function organizationReads(graph: Graph): OrganizationReads {
  let found = known.get(graph)
  if (found === undefined) {
    found = findReads(graph)
    known.set(graph, found)
  }
  return found
}

/** Of an organization's variables those that a graph reads: they are kept with each of its executions. */
export function variablesFor(graph: Graph, variables: JsonObject): JsonObject {
  const reads = organizationReads(graph)
  if (reads === 'all') return variables
  return Object.fromEntries(
    (reads ?? []).flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]!]] : [])),
  )
}

function findReads({ nodes }: Graph): OrganizationReads {
  const paths = nodes.flatMap((node) => rootReads('organization', node))
  if (paths.length === 0) return null
  const names = new Set<string>()
  for (const [name] of paths) {
    if (name === undefined) return 'all'
    names.add(name)
  }
  return [...names]
}
