import { z } from 'zod'
import type { JsonObject } from '../../contract/json.ts'
import type { NodeDefinition } from '../define.ts'

const schemas = new WeakMap<NodeDefinition, JsonObject>()

/** The params of a node type as JSON Schema, with what its fields say about themselves. Made once per type. */
export function paramsSchema(definition: NodeDefinition): JsonObject {
  let schema = schemas.get(definition)
  if (schema === undefined) {
    schema = z.toJSONSchema(definition.params(), { io: 'input' }) as JsonObject
    schemas.set(definition, schema)
  }
  return schema
}
