import { z } from 'zod'
import { variableLimits, variableTypes } from './facts/variable.ts'
import { Json } from './json.ts'

/** As expressions write it: `organization.shopUrl`. */
export const VariableName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,59}$/, 'must be letters, digits and _, at most 60, and begin with a letter')
  .meta({
    id: 'VariableName',
    description: 'The name of a variable, as expressions write it: `organization.shopUrl`.',
    example: 'shopUrl',
  })
export type VariableName = z.infer<typeof VariableName>

/** What a variable of the organization holds. */
export const VariableType = z.enum(variableTypes).meta({ id: 'VariableType' })
export type VariableType = z.infer<typeof VariableType>

/** `PUT /variables/{name}`. The value is of its type; `json` takes anything. */
export const SetVariableRequest = z
  .strictObject({
    type: VariableType.describe('What it holds.'),
    value: Json.describe('Its value, of that type; `json` takes anything.'),
    description: z
      .string()
      .trim()
      .max(variableLimits.description)
      .default('')
      .describe('What it is for, in your own words.'),
  })
  .refine(({ type, value }) => type === 'json' || typeof value === type, {
    path: ['value'],
    message: 'is not of the type that is said',
  })
  .refine(({ value }) => JSON.stringify(value).length <= variableLimits.characters, {
    path: ['value'],
    message: `must be at most ${variableLimits.characters} characters as JSON`,
  })
  .meta({ id: 'SetVariableRequest' })
export type SetVariableRequest = z.infer<typeof SetVariableRequest>

/** What all workflows of an organization may read. `revision` counts its changes and is the `ETag`. */
export const Variable = z
  .strictObject({
    name: VariableName,
    type: VariableType,
    value: Json,
    description: z.string(),
    revision: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Variable' })
export type Variable = z.infer<typeof Variable>
