import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { objectOperations } from '../../../worker/nodes/data/object-params.ts'
import { evaluate, failureOf, scopeOf } from '../support.ts'

const change = (operation: string, body: Json, params: JsonObject = {}) =>
  evaluate('data.object', { operation, source: 'trigger.body', ...params }, scopeOf({ body })).output

const ada = { name: 'Ada', address: { city: 'Paris', zip: '75001' }, 'a.b': 1, note: null }
const cases: [keyof typeof objectOperations, Json, JsonObject, Json][] = [
  ['pick', ada, { names: 'name, nothing, address.city' }, { name: 'Ada', address: { city: 'Paris' } }],
  ['pick', ada, { names: ['a.b', 'note'] }, { 'a.b': 1, note: null }],
  ['pick', ada, { names: '{{ ["name"] }}' }, { name: 'Ada' }],
  ['omit', ada, { names: 'name, address.zip, a.b, no.where' }, { address: { city: 'Paris' }, note: null }],
  ['rename', { fn: 1, b: 2 }, { renamed: { fn: 'firstName' } }, { firstName: 1, b: 2 }],
  ['set', ada, { path: 'address.city', value: 'Rome' }, { ...ada, address: { city: 'Rome', zip: '75001' } }],
  ['set', {}, { path: 'a.b', value: '{{ 1 + 1 }}' }, { a: { b: 2 } }],
  ['get', ada, { path: 'address.city' }, 'Paris'],
  ['get', ada, { path: 'address.street', otherwise: '-' }, '-'],
  ['get', ada, { path: 'nope' }, null],
  ['merge', { a: 1, o: { x: 1 } }, { other: '{ b: 2, o: { y: 2 } }' }, { a: 1, b: 2, o: { y: 2 } }],
  ['merge', { a: 1, o: { x: 1 } }, { other: '{ o: { y: 2 } }', isDeep: true }, { a: 1, o: { x: 1, y: 2 } }],
  ['merge', { a: 1 }, { other: '[{ b: 2 }, null, { a: 3 }]' }, { a: 3, b: 2 }],
  ['merge', { a: 1 }, { other: '{}' }, { a: 1 }],
  ['compact', { a: 1, b: null, c: '' }, {}, { a: 1 }],
  ['mapValues', { a: 1, b: 2 }, { expression: 'key + value' }, { a: 'a1', b: 'b2' }],
  ['keys', { a: 1, b: 2 }, {}, ['a', 'b']],
  ['values', { a: 1, b: 2 }, {}, [1, 2]],
  ['entries', { a: 1 }, {}, [{ key: 'a', value: 1 }]],
  ['size', { a: 1, b: 2 }, {}, 2],
]

describe('data.object', () => {
  test.each(cases)('%s of %j with %j', (operation, body, params, result) => {
    const before = structuredClone(body)
    expect(change(operation, body, params)).toEqual(result)
    expect(body).toEqual(before)
  })

  test('every operation has been tried', () => {
    expect(new Set(cases.map(([operation]) => operation))).toEqual(new Set(Object.keys(objectOperations)))
  })

  test.each<[string, Json, JsonObject, string, string]>([
    ['keys', null, {}, 'data.missing', 'There is no object to work on.'],
    ['keys', [1], {}, 'data.wrong_kind', 'This needs an object, and it is a list. For each item of a list use “List”.'],
    ['keys', '{"a":1}', {}, 'data.wrong_kind', 'Read it with parseJson(…) first.'],
    ['pick', {}, {}, 'params.invalid', 'Say which fields.'],
    ['merge', {}, { other: '7' }, 'data.wrong_kind', 'This needs an object to join with, and it is a number.'],
    ['set', {}, { path: '__proto__.x', value: 1 }, 'params.invalid', 'is a reserved word'],
    ['mapValues', { a: 1 }, { expression: 'value.x.y' }, 'expression.missing_path', ''],
  ])('%s of %j with %j fails in words', (operation, body, params, code, message) => {
    expect(failureOf(() => change(operation, body, params))).toMatchObject({
      kind: 'terminal',
      code,
      message: expect.stringContaining(message),
    })
  })

  test('A2: no name reaches a prototype', () => {
    const body = JSON.parse('{ "a": 1, "__proto__": { "polluted": true } }') as Json
    for (const [operation, params] of [
      ['pick', { names: '__proto__, constructor, a.constructor' }],
      ['omit', { names: '__proto__.polluted' }],
      ['get', { path: 'hasOwnProperty.name' }],
    ] as const) {
      change(operation, body, params)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(change('get', { a: 1 }, { path: 'toString' })).toBe(null)
  })

  test('what is kept and what is removed make the whole, and a field set is a field to get', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true })
    fc.assert(
      fc.property(object, fc.uniqueArray(name, { minLength: 1 }), fc.integer(), (given, names, value) => {
        fc.pre(!JSON.stringify(given).includes('__proto__'))
        const body = JSON.parse(JSON.stringify(given)) as JsonObject
        const picked = change('pick', body, { names }) as JsonObject
        const rest = change('omit', body, { names }) as JsonObject
        expect({ ...picked, ...rest }).toEqual(body)
        expect(Object.keys(picked).length + Object.keys(rest).length).toBe(Object.keys(body).length)
        const path = names.join('.')
        expect(change('get', change('set', body, { path, value }), { path })).toBe(value)
      }),
      { numRuns: 200 },
    )
  })
})
