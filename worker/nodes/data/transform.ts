import { z } from 'zod'
import type { GraphNode } from '../../contract/graph.ts'
import { defineInline } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileValue, compileWritten, deferred } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { parseParams } from '../params/parse-params.ts'
import { out } from '../ports.ts'

const transformParams = lazySchema(() =>
  z.strictObject({
    mode: z
      .enum(['expression', 'mapping'])
      .default('expression')
      .meta(
        field({
          title: 'By',
          control: 'select',
          labels: { expression: 'One expression', mapping: 'A drawn-up result' },
          expressions: false,
        }),
      ),
    expression: z
      .string()
      .max(16_384)
      .default('')
      .meta(
        field({
          title: 'Expression',
          control: 'expression',
          placeholder: 'trigger.body.items.filter(item => item.price > 10)',
          showWhen: { mode: 'expression' },
        }),
      ),
    mapping: anyJson.optional().meta(
      field({
        title: 'Result',
        description: 'JSON in which texts may hold expressions.',
        control: 'json',
        showWhen: { mode: 'mapping' },
      }),
    ),
  }),
)

export const transform = defineInline({
  type: 'data.transform',
  title: 'Transform',
  description: 'Gives any value made from what came before: a list, an object, a text or a number.',
  family: 'data',
  icon: 'shuffle',
  aliases: ['map', 'formula', 'expression', 'convert', 'jsonata', 'compute', 'transform_data'],
  params: transformParams,
  check({ mode = 'expression', expression = '', mapping }) {
    const path = mode === 'mapping' ? 'mapping' : 'expression'
    const isEmpty = mode === 'mapping' ? mapping === undefined : String(expression).trim() === ''
    const message = 'Without it the result is always null.'
    return isEmpty ? [{ severity: 'warning', code: 'transform.empty', message, path: [path] }] : []
  },
  defaultParams: { mode: 'expression', expression: '' },
  ports: [out],
  summary: '{expression}',
  compile(node) {
    const evaluate = deferred(() => compileTransform(node))
    return { kind: 'pure', evaluate: (scope) => ({ output: evaluate(scope), port: out.name }) }
  },
})

function compileTransform(node: GraphNode) {
  const { params } = parseParams(transformParams(), node.params)
  return params.mode === 'mapping'
    ? compileValue(params.mapping ?? null, 'mapping')
    : compileWritten(params.expression, 'expression')
}
