import type { NodeType } from '../contract/node-type.ts'
import type { NodeDefinition } from './define.ts'
import { nodeDefinitions } from './registry.ts'
import { paramsSchema } from './validate/params-schema.ts'

let described: NodeType[] | undefined

/** Every node type as data, in the order of the palette. */
export function describeNodeTypes(): NodeType[] {
  described ??= nodeDefinitions.map(describe)
  return described
}

function describe(definition: NodeDefinition): NodeType {
  return {
    type: definition.type,
    title: definition.title,
    description: definition.description,
    family: definition.family,
    icon: definition.icon,
    aliases: [...(definition.aliases ?? [])],
    params: paramsSchema(definition),
    defaultParams: definition.defaultParams,
    ports: [...definition.ports],
    ...(definition.portsFrom === undefined ? {} : { portsFrom: definition.portsFrom }),
    isTrigger: definition.kind === 'trigger',
    isEffect: definition.kind === 'effect',
    summary: definition.summary,
    ...(definition.sampleOutput === undefined ? {} : { sampleOutput: definition.sampleOutput }),
    ...(definition.sampleError === undefined ? {} : { sampleError: definition.sampleError }),
  }
}
