import type { Json } from '../../../contract/json.ts'
import type { ParamProblem } from '../../define.ts'
import { checkPattern } from '../check-pattern.ts'
import {
  deepestSchema,
  findSchema,
  formats,
  isPlain,
  isSchema,
  keywords,
  remarks,
  types,
  type Schema,
} from './schema.ts'

/**
 * What is wrong with a schema, before any value is held against it. A keyword that is not understood is an error: to
 * pass over it would let values through that its author meant to refuse.
 */
export function checkSchema(schema: Json, path: ParamProblem['path']): ParamProblem[] {
  const problems: ParamProblem[] = []
  visit(schema, schema, path, 0, problems)
  return problems.slice(0, 20)
}

function visit(schema: Json, root: Json, path: ParamProblem['path'], depth: number, problems: ParamProblem[]): void {
  const say = (message: string, key?: string): void => {
    problems.push({
      severity: 'error',
      code: 'schema.invalid',
      message,
      path: key === undefined ? path : [...path, key],
    })
  }
  if (!isSchema(schema)) return say('A schema is an object, such as { "type": "string" }.')
  if (typeof schema === 'boolean') return
  if (depth > deepestSchema) return say(`Schemas may be nested ${deepestSchema} levels deep.`)

  for (const [key, value] of Object.entries(schema)) {
    const inside = [...path, key]
    switch (key) {
      case 'type': {
        const named = Array.isArray(value) ? value : [value]
        const wrong = named.find((each) => !types.some((type) => type === each))
        if (named.length === 0 || wrong !== undefined) say(`A type is one of ${types.join(', ')}.`, key)
        break
      }
      case 'properties':
      case '$defs':
      case 'definitions':
        if (!isPlain(value)) say(`“${key}” is an object of schemas.`, key)
        else for (const [name, each] of Object.entries(value)) visit(each, root, [...inside, name], depth + 1, problems)
        break
      case 'additionalProperties':
      case 'items':
      case 'contains':
      case 'not':
        visit(value, root, inside, depth + 1, problems)
        break
      case 'prefixItems':
      case 'allOf':
      case 'anyOf':
      case 'oneOf':
        if (!Array.isArray(value) || value.length === 0) say(`“${key}” is a list of schemas.`, key)
        else for (const [index, each] of value.entries()) visit(each, root, [...inside, index], depth + 1, problems)
        break
      case 'required':
        if (!Array.isArray(value) || value.some((name) => typeof name !== 'string'))
          say('“required” is a list of names.', key)
        break
      case 'enum':
        if (!Array.isArray(value) || value.length === 0) say('“enum” is a list of values.', key)
        break
      case 'pattern':
        if (typeof value !== 'string') say('A pattern is a text.', key)
        else problems.push(...checkPattern(value, inside))
        break
      case 'format':
        if (!formats.some((format) => format === value)) say(`A format is one of ${formats.join(', ')}.`, key)
        break
      case 'uniqueItems':
        if (typeof value !== 'boolean') say('“uniqueItems” is true or false.', key)
        break
      case 'minProperties':
      case 'maxProperties':
      case 'minItems':
      case 'maxItems':
      case 'minLength':
      case 'maxLength':
        if (!Number.isInteger(value) || Number(value) < 0) say(`“${key}” is a whole number from 0.`, key)
        break
      case 'minimum':
      case 'maximum':
      case 'exclusiveMinimum':
      case 'exclusiveMaximum':
        if (typeof value !== 'number') say(`“${key}” is a number.`, key)
        break
      case 'multipleOf':
        if (typeof value !== 'number' || value <= 0) say('“multipleOf” is a number above 0.', key)
        break
      case '$ref':
        if (typeof value !== 'string' || findSchema(root as Schema, value) === undefined)
          say('A reference leads to a schema in this one, such as #/$defs/address.', key)
        break
      default:
        if (![...keywords, ...remarks].some((known) => known === key) && !key.startsWith('x-'))
          say(`“${key}” is not understood here. Take it out, or say it with ${keywords.slice(0, 8).join(', ')} …`, key)
    }
  }
}
