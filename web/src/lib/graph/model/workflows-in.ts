import type { Graph } from '#contract/graph.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeTypeLookup } from './ports.ts'

/** The ids of the workflows that steps of the graph name. */
export function workflowsIn({ nodes }: Pick<Graph, 'nodes'>, lookup: NodeTypeLookup): ReadonlySet<string> {
  const ids = nodes.flatMap(({ type, params }) => {
    const properties = asObject(lookup(type)?.params['properties'])
    return Object.entries(properties).flatMap(([key, schema]) => {
      const value = params[key]
      return asObject(schema)['control'] === 'workflow' && typeof value === 'string' && value !== '' ? [value] : []
    })
  })
  return new Set(ids)
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
