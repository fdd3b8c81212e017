import type { Json, JsonObject } from '../../contract/json.ts'
import type { Lambda, Value } from '../../expressions/index.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { out } from '../ports.ts'
import { compute, type Work } from './compute.ts'
import { listOperations, listParams, type ListOperation, type ListParams } from './list-params.ts'
import { listOf } from './list-source.ts'
import { checkNeeds, firstNeed } from './operation-form.ts'
import { setPath } from './set-path.ts'
import { give, missingParam } from './source.ts'

export const list = defineInline({
  type: 'data.list',
  title: 'List',
  description: 'Filters, sorts, groups or changes a list, or takes something out of it.',
  family: 'data',
  icon: 'list-filter',
  aliases: [
    'array',
    'filter',
    'map',
    'reduce',
    'sort',
    'order by',
    'unique',
    'remove duplicates',
    'limit',
    'group by',
    'flatten',
    'join',
    'batch',
    'split out',
    'compare',
    'line items',
  ],
  params: listParams,
  defaultParams: { operation: 'filter', source: '' },
  check: checkList,
  ports: [out],
  summary: '{operation}: {source}',
  sampleOutput: [{ name: 'Ada' }],
  compile: ({ params: given }) =>
    compute(listParams(), given, (params, work) => {
      const need = firstNeed(listOperations[params.operation], params)
      if (need !== undefined) throw missingParam(need.param, need.ask)
      return give(work, operations[params.operation](listOf(params), params, work))
    }),
})

function checkList(params: JsonObject): ParamProblem[] {
  const { operation = 'filter', source, decidedBy = 'conditions', make = 'fields' } = params
  const ask = (param: string, message: string): ParamProblem[] => {
    const given = params[param]
    const isEmpty = given === undefined || given === '' || (Array.isArray(given) && given.length === 0)
    return isEmpty ? [{ severity: 'error', code: 'param.missing', message, path: [param] }] : []
  }
  const decides = operation === 'filter' || operation === 'find' || operation === 'partition'
  return [
    ...(source === undefined || source === '' ? ask('source', 'Say which list.') : []),
    ...checkNeeds(listOperations, params, 'filter'),
    ...(decides && decidedBy === 'expression' ? ask('test', 'Say for which items.') : []),
    ...(decides && decidedBy === 'conditions' ? checkConditions(params['conditions']) : []),
    ...(operation === 'map' && make === 'fields' ? ask('fields', 'Add at least one field.') : []),
    ...(operation === 'map' && make === 'expression' ? ask('expression', 'Say what each item becomes.') : []),
  ]
}

function checkConditions(conditions: Json | undefined): ParamProblem[] {
  return emptyConditions(conditions ?? { operator: 'AND', conditions: [] }, ['conditions'])
}

type Operate = (items: Value[], params: ListParams, work: Work) => Value

const operations: Record<ListOperation, Operate> = {
  filter: (items, params, work) =>
    work.method(items, params.keeps === 'kept' ? 'filter' : 'reject', testOf(params, work)),
  partition(items, params, work) {
    const [kept, rest] = pairOf(work.method(items, 'partition', testOf(params, work)))
    return { kept, rest }
  },
  find: (items, params, work) =>
    work.method(items, params.which === 'first' ? 'find' : 'findLast', testOf(params, work)),
  map: (items, params, work) => work.method(items, 'map', makerOf(params, work)),
  sort: sorted,
  unique: (items, { by }, work) =>
    isBlank(by) ? work.method(items, 'unique') : work.method(items, 'uniqueBy', keyOf(by, ['by'], work)),
  groupBy(items, { by, gives }, work) {
    const groups = work.method(items, 'groupBy', keyOf(by, ['by'], work))
    return gives === 'object' ? groups : work.method(groups, 'map', (group, key) => ({ key, items: group }))
  },
  keyBy: (items, { by }, work) => work.method(items, 'keyBy', keyOf(by, ['by'], work)),
  reduce(items, { combine, start }, work) {
    const step = work.item(combine, ['combine'], 'required', ['result', 'item', 'index'])
    return start === undefined ? work.method(items, 'reduce', step) : work.method(items, 'reduce', step, start)
  },
  join(items, { each, separator }, work) {
    const texts = isBlank(each) ? items : work.method(items, 'map', work.item(each, ['each'], 'forgiving'))
    return work.method(texts, 'join', separator)
  },
  take: (items, { which, count }, work) => work.method(items, which, count),
  slice: (items, { from, to }, work) => work.method(items, 'slice', from, to),
  item: (items, { index }, work) => work.method(items, 'at', index),
  concat: (items, { other }, work) => work.method(items, 'concat', other),
  union: (items, params, work) => work.method(items, 'union', otherOf(params)),
  intersection: (items, params, work) => work.method(items, 'intersection', otherOf(params)),
  difference: (items, params, work) => work.method(items, 'difference', otherOf(params)),
  chunk: (items, { size }, work) => work.method(items, 'chunk', size),
  flatten: (items, { levels }, work) => work.method(items, 'flat', levels),
  compact: (items, _params, work) => work.method(items, 'compact'),
  reverse: (items, _params, work) => work.method(items, 'reverse'),
}

function testOf({ decidedBy, conditions, test }: ListParams, work: Work): Lambda {
  if (decidedBy === 'conditions') {
    return work.passes(conditions ?? { operator: 'AND', conditions: [] }, ['conditions'])
  }
  if (isBlank(test)) throw missingParam('test', 'Say for which items.')
  return work.item(test, ['test'], 'maybe')
}

function makerOf({ make, expression, fields, isAdded }: ListParams, work: Work): Lambda {
  if (make === 'expression') {
    if (isBlank(expression)) throw missingParam('expression', 'Say what each item becomes.')
    return work.item(expression, ['expression'])
  }
  const values = work.filled(
    fields.map(({ value }) => value),
    ['fields'],
  )
  return (item, index) => {
    const base = isAdded ? work.result(item) : null
    const made: JsonObject = typeof base === 'object' && !Array.isArray(base) ? { ...base } : {}
    const given = work.result(values(item, index))
    for (const [place, { name }] of fields.entries()) {
      setPath(made, name.split('.'), Array.isArray(given) ? (given[place] ?? null) : null)
    }
    return made
  }
}

/** By the last key first: sorting keeps the order of what is the same, so the first key has the last word. */
function sorted(items: Value[], { order, texts }: ListParams, work: Work): Value {
  const keys = order.length === 0 ? [{ by: '', direction: 'asc', as: 'found' } as const] : order
  return keys.reduceRight<Value>((list, { by, direction, as }, place) => {
    const key = isBlank(by) ? (item: Value) => item : keyOf(by, ['order', place, 'by'], work)
    return work.method(list, 'sortBy', (item, index) => readAs(as, key(item, index), work), direction, texts)
  }, items)
}

/** What cannot be read as that is nothing, and comes last. */
function readAs(as: 'found' | 'number' | 'date', key: Value, work: Work): Value {
  if (as === 'found' || key === null || key === undefined) return key
  if (as === 'number') return work.call('number', key, null)
  return typeof key === 'number' || work.call('isDate', key) === true ? work.call('date', key) : null
}

function keyOf(by: string, at: readonly (string | number)[], work: Work): Lambda {
  return work.item(by, at, 'forgiving')
}

function otherOf({ other }: ListParams): Value[] {
  return listOf({ source: other }, 'other')
}

function pairOf(value: Value): [Value, Value] {
  return Array.isArray(value) ? [value[0], value[1]] : [[], []]
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}
