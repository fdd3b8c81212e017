import type { Graph, GraphNode } from '../../contract/graph.ts'
import type { Json } from '../../contract/json.ts'
import type { Plan } from '../../engine/plan.ts'
import type { NodeDefinition } from '../../nodes/define.ts'
import { portsOf } from '../../nodes/ports-of.ts'
import { findNodeType } from '../../nodes/registry.ts'
import type { Actor } from '../../simulate/pretend.ts'

/** A node of the graph that acts on the world, by a call of its own or by calling a workflow. */
export interface KnownActor extends Actor {
  node: GraphNode
  definition: NodeDefinition
  calls: 'world' | 'workflow'
  hasExample: boolean
}

/** The nodes that act, by id, with the example of what each gives. */
export function actorsOf(graph: Graph, plan: Plan): Map<string, KnownActor> {
  const actors = new Map<string, KnownActor>()
  for (const node of graph.nodes) {
    const definition = findNodeType(node.type)
    const kind = plan.nodes.get(node.id)?.behaviour.kind
    if (definition === undefined || (kind !== 'effect' && kind !== 'child')) continue
    const { sampleOutput } = definition
    actors.set(node.id, {
      node,
      definition,
      calls: kind === 'effect' ? 'world' : 'workflow',
      example: sampleOutput ?? null,
      hasExample: sampleOutput !== undefined,
      firstPort: definition.goesOnAt ?? portsOf(definition, node)[0]?.name ?? 'out',
    })
  }
  return actors
}

const mostCharacters = 300

/** What a call does, in one line: its type's summary with the params it was given. */
export function whatItDoes({ definition }: Pick<KnownActor, 'definition'>, input: Json | undefined): string {
  const params = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {}
  const line = definition.summary
    .replace(/\{([a-zA-Z0-9_]+)\}/g, (_, key: string) => (Object.hasOwn(params, key) ? inWords(params[key]) : ''))
    .replace(/\s+/g, ' ')
    .trim()
  const said = line === '' ? definition.title : line
  return said.length > mostCharacters ? `${said.slice(0, mostCharacters - 1)}…` : said
}

function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
