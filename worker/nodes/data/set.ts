import { z } from 'zod'
import type { Json, JsonObject } from '../../contract/json.ts'
import { defineInline } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { invalidParam } from '../params/parse-params.ts'
import { out } from '../ports.ts'
import { fieldName } from './field-name.ts'
import { setPath } from './set-path.ts'

const setParams = lazySchema(() =>
  z.strictObject({
    base: anyJson.optional().meta(
      field({
        title: 'Start from',
        description: 'An object whose fields are kept. Left empty, the result holds only the fields below.',
        control: 'expression',
        placeholder: '{{ trigger.body }}',
      }),
    ),
    fields: z
      .array(
        z.strictObject({
          name: fieldName(),
          value: anyJson.meta(field({ title: 'Value', control: 'json', placeholder: '{{ trigger.body.email }}' })),
        }),
      )
      .max(200)
      .meta(field({ title: 'Fields', description: 'Dots in a name make objects.', control: 'fields' })),
    storeAs: z
      .enum(['output', 'variables'])
      .default('output')
      .meta(
        field({
          title: 'Keep as',
          description: 'Variables can be read as vars by every later step.',
          control: 'select',
          labels: { output: "This step's output", variables: 'Variables of the workflow' },
        }),
      ),
  }),
)

export const set = defineInline({
  type: 'data.set',
  title: 'Set fields',
  description: 'Makes an object of named values, or sets variables of the workflow.',
  family: 'data',
  icon: 'pencil',
  aliases: ['edit fields', 'assign', 'variable', 'map', 'value', 'format'],
  params: setParams,
  defaultParams: { fields: [] },
  ports: [out],
  summary: '{fields}',
  sampleOutput: { name: 'Ada' },
  compile(node) {
    const { base, ...rest } = node.params
    const params = base === undefined || base === '' ? rest : node.params
    // A text is an expression, with or without braces: no text could be an object.
    const resolve = compileParams(setParams(), params, { written: ['base'] })
    return {
      kind: 'pure',
      evaluate(scope) {
        const { base, fields, storeAs } = resolve(scope).params
        const output = copyOfObject(base)
        for (const { name, value } of fields) setPath(output, name.split('.'), value)
        return storeAs === 'variables' ? { output, port: out.name, vars: output } : { output, port: out.name }
      },
    }
  },
})

function copyOfObject(base: Json | undefined): JsonObject {
  if (base === undefined || base === null || base === '') return {}
  if (typeof base === 'object' && !Array.isArray(base)) return { ...base }
  const found = Array.isArray(base) ? 'a list' : JSON.stringify(base).slice(0, 80)
  throw invalidParam('base', `must be an object, not ${found}`)
}
