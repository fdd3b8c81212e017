import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { mathOperations } from '../../../worker/nodes/data/math-params.ts'
import { evaluate, failureOf, scopeOf } from '../support.ts'

const compute = (params: JsonObject, body: Json = null) => evaluate('data.math', params, scopeOf({ body })).output

const cases: [JsonObject, Json][] = [
  [{ operation: 'add', source: '2', right: '3' }, 5],
  [{ source: '0.1', right: '0.2' }, 0.3],
  [{ operation: 'subtract', source: 'trigger.body.price', right: '2' }, 17.99],
  [{ operation: 'multiply', source: '{{ trigger.body.price }}', right: 'trigger.body.quantity' }, 59.97],
  [{ operation: 'divide', source: 10, right: 4 }, 2.5],
  [{ operation: 'divide', source: '10', right: '3', round: 2 }, 3.33],
  [{ operation: 'remainder', source: '10', right: '3' }, 1],
  [{ operation: 'power', source: '2', right: '10' }, 1024],
  [{ operation: 'smaller', source: '2', right: '10' }, 2],
  [{ operation: 'larger', source: '2', right: '10' }, 10],
  [{ operation: 'percentOf', source: '19', whole: '250' }, 47.5],
  [{ operation: 'share', source: '3', whole: '8' }, 37.5],
  [{ operation: 'change', source: '150', before: '120' }, 25],
  [{ operation: 'change', source: '-50', before: '-100' }, 50],
  [{ operation: 'clamp', source: '120', least: '0', most: '100' }, 100],
  [{ operation: 'clamp', source: '-5', least: '0' }, 0],
  [{ operation: 'clamp', source: '120', most: '100' }, 100],
  [{ operation: 'round', source: '2.5' }, 3],
  [{ operation: 'round', source: '1.005', round: 2 }, 1.01],
  [{ operation: 'floor', source: '-1.5' }, -2],
  [{ operation: 'ceil', source: '1.2' }, 2],
  [{ operation: 'trunc', source: '-1.7' }, -1],
  [{ operation: 'abs', source: '-3' }, 3],
  [{ operation: 'negate', source: '3' }, -3],
  [{ operation: 'sqrt', source: '9' }, 3],
  [{ operation: 'format', source: '1234567.891', language: 'de', decimals: 2 }, '1.234.567,89'],
  [{ operation: 'currency', source: '1234.5' }, '€1,234.50'],
  [{ operation: 'percent', source: '0.256', decimals: 1 }, '25.6%'],
]

describe('data.math', () => {
  test.each(cases)('%j', (params, result) => {
    expect(compute(params, { price: 19.99, quantity: '3' })).toBe(result)
  })

  test('every operation has been tried', () => {
    const tried = new Set(cases.map(([{ operation = 'add' }]) => operation))
    expect(tried).toEqual(new Set(Object.keys(mathOperations)))
  })

  test('a number that is missing, null or empty is taken from the fallback, and each is', () => {
    const params = { operation: 'add', source: 'trigger.body.a', right: '{{ trigger.body?.b }}', fallback: 0 }
    expect(compute(params, {})).toBe(0)
    expect(compute(params, { a: 4 })).toBe(4)
    expect(compute(params, { a: null, b: '' })).toBe(0)
  })

  test.each<[JsonObject, string, string]>([
    [{ source: 'trigger.body?.a', right: '1' }, 'data.missing', '“Number” is missing. Give a number, or say under'],
    [{ source: '1' }, 'data.missing', '“Second number” is missing.'],
    [{ source: '"abc"', right: '1' }, 'data.wrong_kind', '“Number” must be a number such as 12.50, and it is the text'],
    [{ source: '1', right: '[1]' }, 'data.wrong_kind', '“Second number” must be a number such as 12.50, and it is a'],
    [
      { operation: 'divide', source: '1', right: '0' },
      'data.division_by_zero',
      '“Second number” is 0, and nothing can',
    ],
    [{ operation: 'share', source: '1', whole: '0' }, 'data.division_by_zero', '“Of” is 0'],
    [{ operation: 'sqrt', source: '-1' }, 'expression.value', 'There is no square root of a negative number.'],
    [{ operation: 'currency', source: '1', currency: 'Euro' }, 'expression.value', '“Euro” is not a currency.'],
    [{ operation: 'power', source: '10', right: '400' }, 'expression.value', 'The result is no finite number.'],
  ])('fails in words: %j', (params, code, message) => {
    expect(failureOf(() => compute(params, {}))).toMatchObject({
      kind: 'terminal',
      code,
      message: expect.stringContaining(message),
    })
  })

  test('what was typed for another operation has no effect', () => {
    expect(compute({ operation: 'round', source: '2.4', right: '{{ trigger.nowhere.at.all }}' })).toBe(2)
  })

  test('adds and subtracts back to where it was, whatever the numbers', () => {
    const amount = fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100)
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const sum = compute({ operation: 'add', source: a, right: b })
        expect(compute({ operation: 'subtract', source: sum, right: b })).toBe(a + 0)
        expect(compute({ operation: 'add', source: b, right: a })).toBe(sum)
      }),
      { numRuns: 300 },
    )
  })

  test('gives a finite number or fails in words, whatever it is given', () => {
    const anything = fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.boolean(), fc.array(fc.integer()))
    const operation = fc.constantFrom(
      'add',
      'divide',
      'power',
      'remainder',
      'share',
      'change',
      'clamp',
      'sqrt',
      'round',
    )
    fc.assert(
      fc.property(operation, anything, anything, (operation, a, b) => {
        const body = JSON.parse(JSON.stringify({ a, b })) as Json
        const params: JsonObject = { operation, source: 'trigger.body.a' }
        for (const param of ['right', 'whole', 'before', 'most']) params[param] = 'trigger.body.b'
        let result: Json
        try {
          result = compute(params, body)
        } catch {
          expect(failureOf(() => compute(params, body)).message).toMatch(/\.$/)
          return
        }
        expect(Number.isFinite(result)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
