import { z } from 'zod'
import type { Json, JsonObject } from '../../contract/json.ts'
import { ExpressionError, type Value } from '../../expressions/index.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'
import { compute, type Work } from './compute.ts'
import { askedBy, checkNeeds, firstNeed, operationParam, type OperationForm } from './operation-form.ts'
import { readPathText } from './path.ts'
import { give, missingParam, sourceOf, sourceParams } from './source.ts'

const operations = {
  parse: { label: 'Read JSON text', asks: ['otherwise'] },
  stringify: { label: 'Write as JSON text', asks: ['indent'] },
  path: { label: 'Take what is at a path', asks: ['path', 'otherwise'], needs: { path: 'Say which path.' } },
} as const satisfies Record<string, OperationForm>

const jsonParams = lazySchema(() =>
  z.strictObject({
    operation: operationParam(operations, { title: 'Do', first: 'parse' }),
    source: sourceParams({ title: 'Data', placeholder: 'trigger.body.payload' }).source,
    path: z
      .string()
      .max(4_096)
      .default('')
      .meta(
        field({
          title: 'Path',
          description: 'Such as items[0].name. With [*], of every entry, as a list: items[*].name.',
          control: 'text',
          placeholder: 'items[*].name',
          showWhen: askedBy(operations, 'path'),
        }),
      ),
    indent: z
      .boolean()
      .default(false)
      .meta(field({ title: 'On several lines', control: 'switch', showWhen: askedBy(operations, 'indent') })),
    otherwise: anyJson.optional().meta(
      field({
        title: 'Otherwise',
        description: 'Taken where the text is no JSON, or nothing is at the path. Left empty, the step fails then.',
        control: 'json',
        lines: 1,
        showWhen: askedBy(operations, 'otherwise'),
      }),
    ),
    fallback: sourceParams({ title: '', placeholder: '' }).fallback,
  }),
)
type JsonParams = ParamsOf<typeof jsonParams>

export const json = defineInline({
  type: 'data.json',
  title: 'JSON',
  description: 'Reads JSON text, writes it, or takes what is at a path.',
  family: 'data',
  icon: 'braces',
  aliases: ['parse', 'stringify', 'jsonpath', 'path', 'deserialize', 'serialize'],
  params: jsonParams,
  defaultParams: { operation: 'parse', source: '' },
  check: checkJson,
  ports: [out],
  summary: '{operation}: {source} {path}',
  sampleOutput: { id: 1 },
  compile: ({ params: given }) =>
    compute(jsonParams(), given, (params, work) => {
      const need = firstNeed(operations[params.operation], params)
      if (need !== undefined) throw missingParam(need.param, need.ask)
      return give(work, does[params.operation](sourceOf(params, 'data'), params, work))
    }),
})

function checkJson(params: JsonObject): ParamProblem[] {
  const { source } = params
  const noSource = { severity: 'error', code: 'param.missing', message: 'Say which data.', path: ['source'] } as const
  return [...(source === undefined || source === '' ? [noSource] : []), ...checkNeeds(operations, params, 'parse')]
}

const does: Record<keyof typeof operations, (source: Json, params: JsonParams, work: Work) => Value> = {
  parse: (source, { otherwise }, work) => {
    // Data that was read already is what people want, too.
    if (typeof source !== 'string') return source
    try {
      return work.call('parseJson', source)
    } catch (error) {
      if (error instanceof ExpressionError && error.code === 'expression.value' && isGiven(otherwise)) return otherwise
      throw error
    }
  },
  stringify: (source, { indent }, work) => work.call('toJson', source, indent ? 2 : 0),
  path(source, { path, otherwise }, work) {
    const data = typeof source === 'string' ? work.call('parseJson', source) : source
    const found = readPathText(data, path, work)
    if (found !== undefined && found !== null) return found
    if (isGiven(otherwise)) return otherwise
    throw missingParam('path', `There is nothing at “${path}”. Say under “Otherwise” what to take then.`)
  },
}

function isGiven(value: Json | undefined): value is Json {
  return value !== undefined && value !== ''
}
