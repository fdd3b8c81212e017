import { z } from 'zod'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Port } from '../../contract/node-type.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { checkPattern } from './check-pattern.ts'
import { compute, type Work } from './compute.ts'
import { fieldName } from './field-name.ts'
import { checkSchema } from './schema/check-schema.ts'
import { converted } from './schema/convert.ts'
import { fieldKinds, schemaFromFields, type FieldKind } from './schema/from-fields.ts'
import { holdAgainst } from './schema/hold-against.ts'
import { isSchema } from './schema/schema.ts'
import { missingParam, sourceParams } from './source.ts'
import { withoutPath } from './without-path.ts'

const valid: Port = { name: 'valid', label: 'Valid' }
const invalid: Port = { name: 'invalid', label: 'Invalid' }

const kinds = Object.keys(fieldKinds) as [FieldKind, ...FieldKind[]]
const limit = () => z.number().optional()

const rule = () =>
  z.strictObject({
    name: fieldName().meta(
      field({ title: 'Field', control: 'text', placeholder: 'customer.email', expressions: false }),
    ),
    kind: z
      .enum(kinds)
      .default('text')
      .meta(field({ title: 'Must be', control: 'select', labels: fieldKinds, expressions: false })),
    isRequired: z
      .boolean()
      .default(true)
      .meta(field({ title: 'Required', control: 'switch', expressions: false })),
    least: limit().meta(
      field({
        title: 'At least',
        control: 'number',
        showWhen: { kind: ['number', 'integer', 'text', 'list'] },
        expressions: false,
      }),
    ),
    most: limit().meta(
      field({
        title: 'At most',
        description: 'Of a number its size, of a text its characters, of a list its items.',
        control: 'number',
        showWhen: { kind: ['number', 'integer', 'text', 'list'] },
        expressions: false,
      }),
    ),
    oneOf: z
      .string()
      .max(16_384)
      .default('')
      .meta(
        field({
          title: 'One of',
          description: 'The values it may have, with commas between them.',
          control: 'text',
          placeholder: 'new, open, closed',
          showWhen: { kind: ['text', 'number', 'integer'] },
          expressions: false,
        }),
      ),
    pattern: z
      .string()
      .max(1_000)
      .default('')
      .meta(
        field({
          title: 'Pattern',
          description: 'A regular expression that is found in it.',
          control: 'text',
          placeholder: '^[A-Z]{2}\\d{4}$',
          showWhen: { kind: ['text'] },
          expressions: false,
        }),
      ),
  })

const validateParams = lazySchema(() =>
  z.strictObject({
    source: sourceParams({ title: 'Data', placeholder: 'trigger.body' }).source,
    by: z
      .enum(['fields', 'schema'])
      .default('fields')
      .meta(
        field({
          title: 'Described by',
          control: 'select',
          labels: { fields: 'Fields', schema: 'A JSON Schema' },
          expressions: false,
        }),
      ),
    fields: z
      .array(rule())
      .max(200)
      .default([])
      .meta(
        field({
          title: 'Fields',
          description: 'What is null or an empty text counts as missing.',
          control: 'rows',
          showWhen: { by: 'fields' },
        }),
      ),
    allowsMore: z
      .boolean()
      .default(true)
      .meta(
        field({
          title: 'Other fields may be there',
          control: 'switch',
          showWhen: { by: 'fields' },
          expressions: false,
        }),
      ),
    schema: anyJson.optional().meta(
      field({
        title: 'Schema',
        description: 'Types, properties, items, required, limits, pattern, format, enum, anyOf and local references.',
        control: 'json',
        placeholder: '{ "type": "object", "required": ["email"] }',
        isNeeded: true,
        showWhen: { by: 'schema' },
        expressions: false,
      }),
    ),
    converts: z
      .boolean()
      .default(false)
      .meta(
        field({
          title: 'Take texts for what they write',
          description: '“12” for a number, “true” for yes: forms send nothing but texts.',
          control: 'switch',
          expressions: false,
        }),
      ),
  }),
)
type ValidateParams = ParamsOf<typeof validateParams>

export const validate = defineInline({
  type: 'data.validate',
  title: 'Validate',
  description: 'Goes one way when data is as described, and another way, with what is wrong, when it is not.',
  family: 'data',
  icon: 'shield-check',
  aliases: ['schema', 'json schema', 'check', 'required', 'form', 'validation', 'verify'],
  params: validateParams,
  defaultParams: { source: '', by: 'fields', fields: [] },
  check: checkValidate,
  ports: [valid, invalid],
  summary: '{source}: {fields}',
  sampleOutput: { valid: true, value: { email: 'ada@example.com' }, errors: [] },
  compile: ({ params: given }) => compute(validateParams(), given, (params, work) => decide(params, work)),
})

function checkValidate(params: JsonObject): ParamProblem[] {
  const { source, by = 'fields', fields, schema } = params
  const ask = (param: string, message: string): ParamProblem => {
    return { severity: 'error', code: 'param.missing', message, path: [param] }
  }
  const rules = Array.isArray(fields) ? fields : []
  return [
    ...(source === undefined || source === '' ? [ask('source', 'Say which data.')] : []),
    ...(by === 'fields' && rules.length === 0 ? [ask('fields', 'Describe at least one field.')] : []),
    ...(by === 'fields'
      ? rules.flatMap((rule, index) => checkPattern(patternOf(rule), ['fields', index, 'pattern']))
      : []),
    ...(by === 'schema' && (schema === undefined || schema === '') ? [ask('schema', 'Give a schema.')] : []),
    ...(by === 'schema' && schema !== undefined && schema !== '' ? checkSchema(schema, ['schema']) : []),
  ]
}

function patternOf(rule: Json): Json | undefined {
  return typeof rule === 'object' && rule !== null && !Array.isArray(rule) ? rule['pattern'] : undefined
}

function decide({ source = null, by, fields, allowsMore, schema: own, converts }: ValidateParams, work: Work) {
  const schema = by === 'fields' ? schemaFromFields(fields, allowsMore) : own
  if (!isSchema(schema)) throw missingParam('schema', 'Give a schema: an object such as { "type": "object" }.')
  const value = converts ? converted(schema, source) : source
  const isNothing = (found: Json) => found === null || found === ''
  const looked =
    by === 'fields' ? fields.reduce((all, { name }) => withoutPath(all, name.split('.'), isNothing), value) : value
  const errors = holdAgainst(schema, looked, work)
  const port = errors.length === 0 ? valid : invalid
  return {
    output: work.result({ valid: errors.length === 0, value, errors }),
    port: port.name,
    because: errors.slice(0, 10),
  }
}
