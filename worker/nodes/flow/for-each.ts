import { z } from 'zod'
import type { GraphNode } from '../../contract/graph.ts'
import type { Json } from '../../contract/json.ts'
import type { Behaviour } from '../../engine/behaviour.ts'
import { defineInline } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileValue, compileWritten } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { invalidParam, parseParams } from '../params/parse-params.ts'
import { brokenLoop, compileLoop } from './compile-loop.ts'
import {
  body,
  breakCondition,
  collecting,
  continueCondition,
  done,
  limiting,
  mostAtOnce,
  withinLimits,
} from './loop-params.ts'

const forEachParams = lazySchema(() =>
  z.strictObject({
    items: anyJson.meta(
      field({
        title: 'Items',
        description: 'A list. Of an object, each field as { key, value }.',
        control: 'expression',
        placeholder: 'trigger.body.items',
      }),
    ),
    concurrency: z
      .int()
      .min(1)
      .max(mostAtOnce)
      .default(1)
      .meta(
        field({
          title: 'At a time',
          description: 'One after the other, or several beside each other. Five calls are made at a time.',
          control: 'number',
          expressions: false,
        }),
      ),
    continueCondition: continueCondition(),
    breakCondition: breakCondition(),
    ...collecting(),
    ...limiting(),
  }),
)

export const forEach = defineInline({
  type: 'flow.forEach',
  title: 'For each',
  description: 'Does the same for each item of a list, one after the other or several at a time.',
  family: 'flow',
  icon: 'repeat',
  aliases: ['loop', 'iterate', 'foreach', 'each', 'items', 'batch', 'map'],
  params: forEachParams,
  defaultParams: { items: '' },
  check({ items }) {
    if (items !== undefined && items !== '') return []
    return [{ severity: 'error', code: 'param.missing', message: 'Say which items to go through.', path: ['items'] }]
  },
  ports: [{ ...body, label: 'Each item' }, done],
  inside: { ports: [body.name], goesRound: true },
  goesOnAt: done.name,
  summary: '{items}',
  sampleOutput: { results: [{ ok: true }], count: 1, skipped: 0, failed: 0, stopped: null },
  compile: compileForEach,
})

function compileForEach({ params: given }: GraphNode): Behaviour {
  try {
    const { params } = parseParams(forEachParams(), withinLimits(given))
    const { items, concurrency, ...rest } = params
    const read = typeof items === 'string' ? compileWritten(items, 'items') : compileValue(items, 'items')
    return compileLoop({ ...rest, atOnce: concurrency, range: (scope) => ({ items: asList(read(scope)) }) })
  } catch (failure) {
    return brokenLoop(failure)
  }
}

function asList(value: Json): Json[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, value]) => ({ key, value }))
  throw invalidParam('items', `must be a list, not ${value === null ? 'nothing' : `a ${typeof value}`}`)
}
