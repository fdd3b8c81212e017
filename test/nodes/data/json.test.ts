import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { evaluate, failureOf, scopeOf } from '../support.ts'

const change = (operation: string, body: Json, params: JsonObject = {}) =>
  evaluate('data.json', { operation, source: 'trigger.body', ...params }, scopeOf({ body })).output

const shop = {
  items: [{ id: 1, tags: [{ n: 'a' }] }, { tags: [{ n: 'b' }, { n: 'c' }] }, { id: 3 }],
  by: { x: { id: 9 } },
}

describe('data.json', () => {
  test.each<[string, Json, JsonObject, Json]>([
    ['parse', '{"a": [1, null]}', {}, { a: [1, null] }],
    ['parse', { a: 1 }, {}, { a: 1 }],
    ['parse', 'oops', { otherwise: [] }, []],
    ['stringify', { a: [1] }, {}, '{"a":[1]}'],
    ['stringify', { a: 1 }, { indent: true }, '{\n  "a": 1\n}'],
    ['stringify', 'x', {}, '"x"'],
    ['path', shop, { path: 'items[0].id' }, 1],
    ['path', shop, { path: '$.items[2].id' }, 3],
    ['path', shop, { path: 'items[*].id' }, [1, 3]],
    ['path', shop, { path: 'items[*].tags[*].n' }, ['a', 'b', 'c']],
    ['path', shop, { path: 'by[*].id' }, [9]],
    ['path', [[1, 2], [3]], { path: '[*][0]' }, [1, 3]],
    ['path', shop, { path: '$' }, shop],
    ['path', '{"a":{"b":2}}', { path: 'a.b' }, 2],
    ['path', shop, { path: 'nope', otherwise: 0 }, 0],
    ['path', { a: null }, { path: 'a', otherwise: 1 }, 1],
    ['path', shop, { path: 'nope[*].a' }, []],
  ])('%s of %j with %j', (operation, body, params, result) => {
    expect(change(operation, body, params)).toEqual(result)
  })

  test.each<[string, Json, JsonObject, string, string]>([
    ['parse', 'oops', {}, 'expression.value', 'This text is not JSON: “oops”.'],
    ['parse', null, {}, 'data.missing', 'There is no data to work on.'],
    [
      'path',
      shop,
      { path: 'nope' },
      'params.invalid',
      'There is nothing at “nope”. Say under “Otherwise” what to take',
    ],
    ['path', shop, { path: 'a..b' }, 'expression.value', 'is no path such as'],
    ['path', shop, {}, 'params.invalid', 'Say which path.'],
  ])('%s of %j with %j fails in words', (operation, body, params, code, message) => {
    expect(failureOf(() => change(operation, body, params))).toMatchObject({
      kind: 'terminal',
      code,
      message: expect.stringContaining(message),
    })
  })

  test('what is written is read as what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, indent) => {
        fc.pre(!JSON.stringify(value).includes('__proto__') && value !== null)
        const json = JSON.parse(JSON.stringify(value)) as Json
        expect(change('parse', change('stringify', json, { indent }))).toEqual(json)
      }),
      { numRuns: 200 },
    )
  })

  test('reads whatever text comes, or fails in words', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, path) => {
        fc.pre(!path.includes('{{'))
        for (const params of [{}, { operation: 'path', path }]) {
          try {
            change('parse', text, params)
          } catch {
            expect(failureOf(() => change('parse', text, params)).message).toMatch(/\.$/)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
