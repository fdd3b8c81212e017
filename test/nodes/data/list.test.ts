import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { listOperations } from '../../../worker/nodes/data/list-params.ts'
import { validateGraph } from '../../../worker/nodes/validate-graph.ts'
import { evaluate, failureOf, graphOf, scopeOf } from '../support.ts'

const change = (operation: string, params: JsonObject, body: Json = people, vars: JsonObject = {}) =>
  evaluate('data.list', { operation, source: 'trigger.body', ...params }, scopeOf({ body, vars })).output

const ada = { name: 'Ada', city: 'London', age: 36, since: '2026-01-05' }
const bob = { name: 'bob', city: 'Paris', age: '9', since: '2026-03-01T10:00:00+02:00' }
const eve = { name: 'Eve', city: 'London' }
const people = [ada, bob, eve]
const adults = { operator: 'AND', conditions: [{ field: 'item.age', operator: '>=', value: 18 }] }

const cases: [keyof typeof listOperations, JsonObject, Json, Json][] = [
  ['filter', { conditions: adults }, people, [ada]],
  ['filter', { conditions: adults, keeps: 'removed' }, people, [bob, eve]],
  ['filter', { decidedBy: 'expression', test: 'item.age' }, people, [ada, bob]],
  ['filter', { decidedBy: 'expression', test: '{{ index > 0 && item.city == "London" }}' }, people, [eve]],
  ['partition', { conditions: adults }, people, { kept: [ada], rest: [bob, eve] }],
  ['find', { decidedBy: 'expression', test: 'item.city == "London"' }, people, ada],
  ['find', { decidedBy: 'expression', test: 'item.city == "London"', which: 'last' }, people, eve],
  ['find', { decidedBy: 'expression', test: 'item.city == "Rome"' }, people, null],
  ['map', { make: 'expression', expression: 'item.name.upper()' }, people, ['ADA', 'BOB', 'EVE']],
  [
    'map',
    { make: 'expression', expression: '{{ index + 1 }}. {{ item.name }}' },
    people,
    ['1. Ada', '2. bob', '3. Eve'],
  ],
  [
    'map',
    {
      fields: [
        { name: 'who.name', value: '{{ item.name }}' },
        { name: 'n', value: 1 },
      ],
    },
    [eve],
    [{ who: { name: 'Eve' }, n: 1 }],
  ],
  ['map', { fields: [{ name: 'city', value: 'Rome' }], isAdded: true }, [eve], [{ name: 'Eve', city: 'Rome' }]],
  ['sort', {}, [10, 9, null, 1], [1, 9, 10, null]],
  ['sort', { order: [{ by: 'item.name', direction: 'asc' }] }, people, [ada, bob, eve]],
  ['sort', { order: [{ by: 'item.name' }], texts: 'letters' }, people, [ada, eve, bob]],
  ['sort', { order: [{ by: 'item.age', as: 'number' }] }, people, [bob, ada, eve]],
  ['sort', { order: [{ by: 'item.age', as: 'number', direction: 'desc' }] }, people, [ada, bob, eve]],
  ['sort', { order: [{ by: 'item.since', as: 'date', direction: 'desc' }] }, people, [bob, ada, eve]],
  ['sort', { order: [{ by: 'item.city' }, { by: 'item.name', direction: 'desc' }] }, people, [eve, ada, bob]],
  ['unique', {}, [1, '1', 1, { a: 1, b: 2 }, { b: 2, a: 1 }], [1, '1', { a: 1, b: 2 }]],
  ['unique', { by: 'item.city' }, people, [ada, bob]],
  [
    'groupBy',
    { by: 'item.city' },
    people,
    [
      { key: 'London', items: [ada, eve] },
      { key: 'Paris', items: [bob] },
    ],
  ],
  ['groupBy', { by: 'item.age', gives: 'object' }, people, { '36': [ada], '9': [bob], '': [eve] }],
  ['keyBy', { by: 'item.name' }, [ada, bob], { Ada: ada, bob }],
  ['reduce', { combine: 'result + item * vars.factor', start: 0 }, [1, 2, 3], 60],
  ['reduce', { combine: 'result * item' }, [2, 3, 4], 24],
  ['reduce', { combine: '{ ...result, [item.name]: index }', start: {} }, people, { Ada: 0, bob: 1, Eve: 2 }],
  ['join', {}, ['a', 1, null], 'a, 1, '],
  [
    'join',
    { each: '{{ item.name }} ({{ item.age ?? "?" }})', separator: ' + ' },
    people,
    'Ada (36) + bob (9) + Eve (?)',
  ],
  ['take', { count: 2 }, people, [ada, bob]],
  ['take', { count: 2, which: 'last' }, people, [bob, eve]],
  ['slice', { from: 1, to: 2 }, people, [bob]],
  ['item', { index: -1 }, people, eve],
  ['item', { index: 7 }, people, null],
  ['concat', { other: '[4, [5]]' }, [1], [1, 4, [5]]],
  ['concat', { other: 'trigger.body[0]' }, [1], [1, 1]],
  ['union', { other: '[2, 3]' }, [1, 2], [1, 2, 3]],
  ['intersection', { other: '[2, 3]' }, [1, 2], [2]],
  ['difference', { other: '[2, 3]' }, [1, 2], [1]],
  ['chunk', { size: 2 }, [1, 2, 3], [[1, 2], [3]]],
  ['flatten', {}, [1, [2, [3]]], [1, 2, [3]]],
  ['flatten', { levels: 2 }, [1, [2, [3]]], [1, 2, 3]],
  ['compact', {}, ['a', null, '', 0], ['a', 0]],
  ['reverse', {}, [1, 2], [2, 1]],
  [
    'reverse',
    {},
    { a: 1, b: 2 },
    [
      { key: 'b', value: 2 },
      { key: 'a', value: 1 },
    ],
  ],
]

describe('data.list', () => {
  test.each(cases)('%s with %j', (operation, params, body, result) => {
    const before = structuredClone(body)
    expect(change(operation, params, body, { factor: 10 })).toEqual(result)
    expect(body).toEqual(before)
  })

  test('every operation has been tried', () => {
    expect(new Set(cases.map(([operation]) => operation))).toEqual(new Set(Object.keys(listOperations)))
  })

  test('a list that is missing is what is to be taken instead', () => {
    const params = { operation: 'reverse', source: 'trigger.body.items', fallback: [] }
    expect(evaluate('data.list', params, scopeOf({ body: {} })).output).toEqual([])
    expect(failureOf(() => evaluate('data.list', { ...params, fallback: '' }, scopeOf({ body: {} })))).toMatchObject({
      code: 'expression.missing_path',
    })
  })

  test.each<[string, JsonObject, Json, string, string]>([
    ['reverse', {}, null, 'data.missing', 'There is no list to work on.'],
    ['reverse', {}, '[1]', 'data.wrong_kind', 'This needs a list, and it is text. Read it with parseJson(…) first.'],
    ['reverse', {}, 7, 'data.wrong_kind', 'For a list of this one write list(…)'],
    ['union', { other: '7' }, [], 'data.wrong_kind', 'This needs a list'],
    ['groupBy', {}, [], 'params.invalid', 'Say what to group by.'],
    ['filter', { decidedBy: 'expression' }, [], 'params.invalid', 'Say for which items.'],
    ['map', { make: 'expression' }, [], 'params.invalid', 'Say what each item becomes.'],
    [
      'map',
      { make: 'expression', expression: 'item.nme' },
      [{ name: 'a' }],
      'expression.missing_path',
      'Did you mean “name”?',
    ],
    [
      'map',
      { make: 'expression', expression: 'item.a + 1' },
      [{ a: 1 }, {}],
      'expression.missing_path',
      'It is item 2 of the list.',
    ],
    ['map', { make: 'expression', expression: 'item +' }, [1], 'expression.syntax', ''],
    ['reduce', { combine: 'result + item' }, [], 'expression.value', 'An empty list has no first item'],
  ])('%s with %j fails in words', (operation, params, body, code, message) => {
    expect(failureOf(() => change(operation, params, body))).toMatchObject({
      kind: 'terminal',
      code,
      message: expect.stringContaining(message),
    })
  })

  test('an error says in which param its text stands', () => {
    const params = { operation: 'sort', order: [{ by: 'item' }, { by: 'item.x.uper()' }] }
    expect(failureOf(() => change('sort', params, [{ x: 'a' }, { x: 'b' }]))).toMatchObject({
      details: { path: ['order', 1, 'by'] },
    })
  })

  test('ten thousand items are within the budget, and work without end is not', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ id: index, group: index % 7 }))
    const ids = many.map(({ id }) => id)
    expect(change('groupBy', { by: 'item % 7' }, ids)).toHaveLength(7)
    expect(change('unique', { by: 'item.group' }, many)).toHaveLength(7)
    expect(change('unique', {}, [...ids, ...ids])).toHaveLength(10_000)
    expect(
      change(
        'filter',
        { conditions: { operator: 'AND', conditions: [{ field: 'item.group', operator: 'equals', value: 3 }] } },
        many,
      ),
    ).toHaveLength(1_429)
    const slow = { make: 'expression', expression: 'range(1, 1000).map(n => n * item.id).sum()' }
    expect(failureOf(() => change('map', slow, many))).toMatchObject({ code: 'expression.limit_exceeded' })
  })

  test('A4: what an item holds is data and is never evaluated', () => {
    const trap = [{ name: '{{ vars.secret }}' }]
    const fields = [{ name: 'name', value: '{{ item.name }}' }]
    expect(change('map', { fields }, trap, { secret: 's' })).toEqual(trap)
    expect(change('join', { each: 'item.name' }, trap, { secret: 's' })).toBe('{{ vars.secret }}')
  })

  test('a draft may speak of item and index in what is read per item, and nowhere else', () => {
    const problems = (params: JsonObject) =>
      validateGraph(graphOf({ start: ['trigger.manual'], it: ['data.list', params] }, ['start > it']))
        .filter(({ nodeId }) => nodeId === 'it')
        .map(({ code, path }) => [code, path])
    const map = { operation: 'map', source: 'trigger.items', make: 'expression' }
    expect(problems({ ...map, expression: 'item.price * index' })).toEqual([])
    expect(problems({ operation: 'sort', source: 'trigger.items', order: [{ by: 'item.price' }] })).toEqual([])
    expect(problems({ ...map, expression: 'itm.price' })).toEqual([
      ['expression.unknown_name', 'nodes.1.params.expression'],
    ])
    expect(problems({ operation: 'reverse', source: 'item.list' })).toEqual([
      ['expression.unknown_name', 'nodes.1.params.source'],
    ])
    expect(problems({ operation: 'filter', source: 'trigger.items', conditions: adults })).toEqual([])
    expect(problems({ operation: 'filter', source: 'trigger.items' })).toEqual([
      ['conditions.empty', 'nodes.1.params.conditions'],
    ])
    const fields = [{ name: 'a', value: '{{ item.a + steps.nope.b }}' }]
    expect(problems({ operation: 'map', source: 'trigger.items', fields })).toEqual([
      ['expression.unknown_name', 'nodes.1.params.fields.0.value'],
    ])
    expect(problems({ operation: 'reduce', source: 'trigger.items', combine: 'result + item' })).toEqual([])
  })

  const items = fc.array(
    fc.record({ key: fc.constantFrom('a', 'B', 'b', 'é', null), n: fc.integer({ min: 0, max: 9 }) }),
  )

  test('filtering keeps and removes each item exactly once, in order', () => {
    const conditions = {
      operator: 'OR',
      conditions: [
        { field: 'item.n', operator: '>', value: 4 },
        { field: 'item.key', operator: 'equals', value: 'a' },
      ],
    }
    fc.assert(
      fc.property(items, (list) => {
        const kept = change('filter', { conditions }, list) as Json[]
        const removed = change('filter', { conditions, keeps: 'removed' }, list) as Json[]
        expect(kept).toEqual(list.filter(({ n, key }) => n > 4 || key === 'a'))
        expect(removed).toEqual(list.filter(({ n, key }) => !(n > 4 || key === 'a')))
        expect(change('partition', { conditions }, list)).toEqual({ kept, rest: removed })
      }),
      { numRuns: 200 },
    )
  })

  test('sorting by several keys is sorting by the first and, where that is the same, by the next', () => {
    const order = [{ by: 'item.key', direction: 'desc' }, { by: 'item.n' }]
    fc.assert(
      fc.property(items, (list) => {
        const rank = (key: string | null) => (key === null ? 9 : -['a', 'b', 'B', 'é'].indexOf(key))
        const expected = list.toSorted((x, y) => rank(x.key) - rank(y.key) || x.n - y.n)
        expect(change('sort', { order }, list)).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })

  test('grouping loses nothing, and batches put together are the list', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 5 }), (list, size) => {
        const groups = change('groupBy', { by: 'item.n' }, list) as { key: string; items: { n: number }[] }[]
        expect(groups.flatMap(({ items }) => items)).toHaveLength(list.length)
        for (const group of groups) for (const { n } of group.items) expect(String(n)).toBe(group.key)
        expect((change('chunk', { size }, list) as Json[][]).flat()).toEqual(list)
        const unique = change('unique', {}, list) as Json[]
        expect(change('unique', {}, unique)).toEqual(unique)
        expect(change('reverse', {}, change('reverse', {}, list))).toEqual(list)
      }),
      { numRuns: 200 },
    )
  })
})
