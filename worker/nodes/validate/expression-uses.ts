import type { ConditionGroup } from '../../contract/condition.ts'
import type { Json, JsonObject } from '../../contract/json.ts'

/** A part of a node's params in which expressions may stand, and how it is read. */
export type ExpressionUse = {
  /** Keys and indexes from the params (or settings) to the value. */
  at: (string | number)[]
  /** Of a loop: read in an iteration, at its end or at the entry to it. Of a call: when the workflow called has ended. */
  readIn?: 'iteration' | 'entry' | 'child' | 'event'
  /** Names that it can read beside those of the execution: of the item it is read for. */
  names?: readonly string[]
} & (
  | { kind: 'conditions'; value: Json | ConditionGroup }
  /** `field`: a path or a template. `expression`: one expression, with or without braces. `plain`: none may stand here. */
  | { kind: 'template' | 'field' | 'expression' | 'plain'; value: Json }
)

/** The parts of a node's params, as the controls in their schema say. */
export function expressionUses(schema: JsonObject, params: JsonObject): ExpressionUse[] {
  return usesIn(schema, params, [], undefined)
}

function usesIn(
  schema: JsonObject,
  value: Json,
  at: (string | number)[],
  inherited: readonly string[] | undefined,
): ExpressionUse[] {
  if (schema['expressions'] === false) return [{ kind: 'plain', at, value }]
  const names = namesIn(schema) ?? inherited
  const place = { ...placeIn(schema, at), ...(names !== undefined && { names }) }
  switch (schema['control']) {
    case 'conditions':
      return [{ ...place, kind: 'conditions', value }]
    case 'field':
      return [{ ...place, kind: 'field', value }]
    case 'expression':
      return [{ ...place, kind: typeof value === 'string' ? 'expression' : 'template', value }]
    default:
  }
  const { properties, items } = schema
  if (isObject(properties) && isObject(value)) {
    return Object.entries(value).flatMap(([key, child]) => {
      const childSchema = Object.hasOwn(properties, key) ? properties[key] : undefined
      return usesIn(isObject(childSchema) ? childSchema : {}, child, [...at, key], names)
    })
  }
  if (isObject(items) && isObject(items['properties']) && Array.isArray(value)) {
    return value.flatMap((child, index) => usesIn(items, child, [...at, index], names))
  }
  return [{ ...place, kind: 'template', value }]
}

function placeIn({ readIn }: JsonObject, at: ExpressionUse['at']): Pick<ExpressionUse, 'at' | 'readIn'> {
  const isSaid = readIn === 'iteration' || readIn === 'entry' || readIn === 'child' || readIn === 'event'
  return isSaid ? { at, readIn } : { at }
}

/** What a field that is read per item calls it; a row's fields have the names of the row. */
function namesIn({ each }: JsonObject): readonly string[] | undefined {
  if (!isObject(each) || !Array.isArray(each['names'])) return undefined
  return each['names'].filter((name) => typeof name === 'string')
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
