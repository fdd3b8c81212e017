import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { validateGraph } from '../../../worker/nodes/validate-graph.ts'
import { evaluate, failureOf, graphOf, scopeOf } from '../support.ts'

const orders = [
  { country: 'NL', total: 10, tags: ['a'] },
  { country: 'DE', total: '20.5', tags: ['a'] },
  { country: 'NL', total: null, tags: [] },
  { total: 5 },
]

const summarize = (params: JsonObject, body: Json = orders) =>
  evaluate('data.aggregate', { source: 'trigger.body', ...params }, scopeOf({ body })).output
const figure = (figure: string, of = 'item.total') => summarize({ figures: [{ name: 'it', figure, of }] })

describe('data.aggregate', () => {
  test.each<[string, string, Json]>([
    ['count', '', 4],
    ['count', 'item.country', 3],
    ['sum', 'item.total', 35.5],
    ['average', 'item.total', 35.5 / 3],
    ['median', 'item.total', 10],
    ['min', 'number(item.total, null)', 5],
    ['max', 'number(item.total, null)', 20.5],
    ['different', 'item.country', 2],
    ['different', 'item.tags', 2],
    ['first', 'item.country', 'NL'],
    ['last', 'item.country', 'NL'],
    ['list', 'item.country', ['NL', 'DE', 'NL']],
    ['text', 'item.country', 'NL, DE, NL'],
  ])('%s of %s', (name, of, result) => {
    expect(figure(name, of)).toEqual({ it: result })
  })

  test('of an empty list: nothing counted, nothing added, and no figure that would need one', () => {
    const figures = ['count', 'sum', 'average', 'min', 'max', 'median', 'first', 'last', 'different', 'list', 'text']
    const all = summarize({ figures: figures.map((name) => ({ name, figure: name, of: 'item.total' })) }, [])
    expect(Object.values(all as JsonObject)).toEqual([0, 0, null, null, null, null, null, null, 0, [], ''])
  })

  test('for each group, by one key or several, in the order in which the groups appear', () => {
    const figures = [
      { name: 'orders', figure: 'count' },
      { name: 'money.total', figure: 'sum', of: 'item.total' },
    ]
    expect(summarize({ figures, groups: [{ name: 'country', by: 'item.country' }] })).toEqual([
      { country: 'NL', orders: 2, money: { total: 10 } },
      { country: 'DE', orders: 1, money: { total: 20.5 } },
      { country: null, orders: 1, money: { total: 5 } },
    ])
    const groups = [
      { name: 'country', by: 'item.country' },
      { name: 'tagged', by: 'item.tags.length > 0' },
    ]
    expect(summarize({ figures: [figures[0]!], groups }, orders.slice(0, 3))).toEqual([
      { country: 'NL', tagged: true, orders: 1 },
      { country: 'DE', tagged: true, orders: 1 },
      { country: 'NL', tagged: false, orders: 1 },
    ])
  })

  test('a text that is no number fails in words, with the place of the figure', () => {
    const bad = () => summarize({ figures: [{ name: 'a', figure: 'sum', of: 'item.x' }] }, [{ x: 1 }, { x: 'abc' }])
    expect(failureOf(bad)).toMatchObject({ code: 'expression.type', message: expect.stringContaining('“abc”') })
    const wrong = () => summarize({ figures: [{ name: 'a', figure: 'sum', of: 'item.x.uper()' }] }, [{ x: 1 }])
    expect(failureOf(wrong)).toMatchObject({ details: { path: ['figures', 0, 'of'] } })
  })

  test('a draft is told about a list, figures and names that would hide one another', () => {
    const problems = (params: JsonObject) =>
      validateGraph(graphOf({ start: ['trigger.manual'], it: ['data.aggregate', params] }, ['start > it']))
        .filter(({ nodeId }) => nodeId === 'it')
        .map(({ code, path }) => [code, path])
    expect(problems({ source: '', figures: [] })).toEqual([
      ['param.missing', 'nodes.1.params.source'],
      ['param.missing', 'nodes.1.params.figures'],
    ])
    const same = { name: 'n', figure: 'count' }
    expect(problems({ source: 'trigger.x', figures: [same, same] })).toEqual([
      ['aggregate.same_name', 'nodes.1.params.figures'],
    ])
    expect(problems({ source: 'trigger.x', figures: [{ ...same, of: 'item.a' }] })).toEqual([])
  })

  test('the figures of the groups add up to the figures of all', () => {
    const item = fc.record({ g: fc.constantFrom('a', 'b', null, 1, '1'), n: fc.integer({ min: -1e6, max: 1e6 }) })
    const figures = [
      { name: 'count', figure: 'count' },
      { name: 'sum', figure: 'sum', of: 'item.n' },
      { name: 'min', figure: 'min', of: 'item.n' },
    ]
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const all = summarize({ figures }, items) as Record<string, number>
        const groups = summarize({ figures, groups: [{ name: 'g', by: 'item.g' }] }, items) as Record<string, number>[]
        expect(groups.reduce((sum, group) => sum + group['count']!, 0)).toBe(all['count'])
        expect(groups.reduce((sum, group) => sum + group['sum']!, 0)).toBe(all['sum'])
        if (items.length > 0) expect(Math.min(...groups.map((group) => group['min']!))).toBe(all['min'])
        // Groups are told apart by what they are, not by how it is written: 1 is not "1".
        expect(groups.map(({ g }) => g)).toEqual([...new Set(items.map(({ g }) => g))])
      }),
      { numRuns: 200 },
    )
  })
})
