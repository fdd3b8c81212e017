import { z } from 'zod'
import type { JsonObject } from '../../contract/json.ts'
import type { Value } from '../../expressions/index.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'
import { compute, type Work } from './compute.ts'
import { fieldName } from './field-name.ts'
import { listOf } from './list-source.ts'
import { setPath } from './set-path.ts'
import { give, sourceParams } from './source.ts'

/** What is worked out, in the order in which the form offers it. */
const figures = {
  count: 'Count',
  sum: 'Sum',
  average: 'Average',
  min: 'Smallest',
  max: 'Largest',
  median: 'Median',
  different: 'How many different',
  first: 'First',
  last: 'Last',
  list: 'All as a list',
  text: 'All as a text',
} as const
type Figure = keyof typeof figures
const figureNames = Object.keys(figures) as [Figure, ...Figure[]]

const perItem = () => z.string().max(16_384)

const calculation = () =>
  z.strictObject({
    name: fieldName(),
    figure: z
      .enum(figureNames)
      .default('sum')
      .meta(field({ title: 'Is', control: 'select', labels: figures, expressions: false })),
    of: perItem()
      .default('')
      .meta(
        field({
          title: 'Of',
          description: 'Left empty, of the items themselves.',
          control: 'expression',
          placeholder: 'item.price * item.quantity',
          lines: 1,
        }),
      ),
  })
type Calculation = ParamsOf<typeof calculation>

const group = () =>
  z.strictObject({
    name: fieldName(),
    by: perItem()
      .default('')
      .meta(field({ title: 'Is the same', control: 'expression', placeholder: 'item.country', lines: 1 })),
  })

const each = { each: { of: 'source', names: ['item', 'index'] } }

const aggregateParams = lazySchema(() =>
  z.strictObject({
    source: sourceParams({ title: 'List', placeholder: 'trigger.body.orders' }).source,
    figures: z
      .array(calculation())
      .max(50)
      .default([])
      .meta(
        field({
          title: 'Figures',
          description: 'What an item does not have is left out: it adds nothing and counts for nothing.',
          control: 'rows',
          ...each,
        }),
      ),
    groups: z
      .array(group())
      .max(10)
      .default([])
      .meta(
        field({
          title: 'For each group',
          description: 'Figures for all items that have the same here. Left empty, one of each for all items.',
          control: 'rows',
          ...each,
        }),
      ),
    separator: z
      .string()
      .max(1_000)
      .default(', ')
      .meta(field({ title: 'Between texts', control: 'text', placeholder: ', ' })),
    fallback: sourceParams({ title: '', placeholder: '' }).fallback,
  }),
)
type AggregateParams = ParamsOf<typeof aggregateParams>

export const aggregate = defineInline({
  type: 'data.aggregate',
  title: 'Summarize',
  description: 'Works out figures of a list, all in all or for each group: count, sum, average and more.',
  family: 'data',
  icon: 'sigma',
  aliases: ['aggregate', 'sum', 'count', 'average', 'total', 'min', 'max', 'median', 'group by', 'pivot', 'statistics'],
  params: aggregateParams,
  defaultParams: { source: '', figures: [{ name: 'count', figure: 'count' }] },
  check: checkAggregate,
  ports: [out],
  summary: '{figures} of {source}',
  sampleOutput: { count: 2, total: 120.5 },
  compile: ({ params: given }) =>
    compute(aggregateParams(), given, (params, work) => {
      const items = listOf(params)
      return give(work, params.groups.length === 0 ? figuresOf(items, params, work) : byGroup(items, params, work))
    }),
})

function checkAggregate(params: JsonObject): ParamProblem[] {
  const { source, figures } = params
  const ask = (message: string, path: string): ParamProblem => {
    return { severity: 'error', code: 'param.missing', message, path: [path] }
  }
  const names = [...rows(params['figures']), ...rows(params['groups'])].map(({ name }) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  return [
    ...(source === undefined || source === '' ? [ask('Say which list.', 'source')] : []),
    ...(rows(figures).length === 0 ? [ask('Add at least one figure.', 'figures')] : []),
    ...(repeated === undefined
      ? []
      : [
          {
            severity: 'error' as const,
            code: 'aggregate.same_name',
            message: `Two of them are called “${String(repeated)}”, so one would be lost.`,
            path: ['figures'],
          },
        ]),
  ]
}

function rows(value: unknown): { name?: unknown }[] {
  return Array.isArray(value) ? value.filter((row) => typeof row === 'object' && row !== null) : []
}

/** Groups in the order of their first items. What an item is grouped by is kept as it is, not as a text. */
function byGroup(items: Value[], params: AggregateParams, work: Work): Value {
  const keys = params.groups.map(({ by }, place) => work.item(by, ['groups', place, 'by'], 'forgiving'))
  const keyed = items.map((item, index) => ({ item, keys: keys.map((key) => key(item, index) ?? null) }))
  const groups = work.method(keyed, 'groupBy', (entry) => work.method(keysOf(entry), 'toJson'))
  const listed = work.method(groups, 'values')
  return Array.isArray(listed)
    ? listed.map((entries) => {
        const [first, ...rest] = Array.isArray(entries) ? entries : []
        const members = [first, ...rest].map(itemOf)
        const made: JsonObject = {}
        for (const [place, { name }] of params.groups.entries()) {
          setPath(made, name.split('.'), work.result(keysOf(first)[place]))
        }
        return Object.assign(made, figuresOf(members, params, work))
      })
    : []
}

function keysOf(entry: Value): Value[] {
  const keys = typeof entry === 'object' && entry !== null && 'keys' in entry ? entry.keys : []
  return Array.isArray(keys) ? keys : []
}

function itemOf(entry: Value): Value {
  return typeof entry === 'object' && entry !== null && 'item' in entry ? entry.item : entry
}

function figuresOf(items: Value[], { figures, separator }: AggregateParams, work: Work): JsonObject {
  const made: JsonObject = {}
  for (const [place, figure] of figures.entries()) {
    setPath(made, figure.name.split('.'), work.result(figureOf(items, figure, place, separator, work)))
  }
  return made
}

function figureOf(items: Value[], { figure, of }: Calculation, place: number, separator: string, work: Work): Value {
  const isOfItems = of.trim() === ''
  if (figure === 'count' && isOfItems) return work.method(items, 'count')
  const all = isOfItems ? items : work.method(items, 'map', work.item(of, ['figures', place, 'of'], 'forgiving'))
  const there = work.method(all, 'filter', (value) => value !== null && value !== undefined)
  switch (figure) {
    case 'count':
      return work.method(there, 'count')
    case 'average':
      return work.method(there, 'avg')
    case 'different':
      return work.method(work.method(there, 'unique'), 'count')
    case 'list':
      return there
    case 'text':
      return work.method(there, 'join', separator)
    case 'sum':
    case 'min':
    case 'max':
    case 'median':
    case 'first':
    case 'last':
      return work.method(there, figure)
  }
}
