import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import { compileConditions, compilePerItem, Computation } from '../../worker/expressions/index.ts'
import { errorOf, evaluate, scope } from './evaluate.ts'

describe('a computation', () => {
  test('calls functions and methods by name, as an expression does', () => {
    const work = new Computation(scope)
    expect(work.method('ada', 'upper')).toBe('ADA')
    expect(work.method([3, 1, 2], 'sort')).toEqual([1, 2, 3])
    expect(work.call('round', 2.345, 2)).toBe(2.35)
    expect(work.calculate('+', '2', 3)).toBe(5)
    expect(work.result(work.now)).toBe('2026-11-21T09:30:00.000Z')
  })

  test('per item, an expression sees item and index beside everything else', () => {
    const work = new Computation(scope)
    const price = compilePerItem('item.price * vars.limit + index', ['item', 'index'])
    expect(work.method(scope.trigger.body.items, 'map', work.each(price))).toEqual([1000, 501])
    const line = compilePerItem('{{ index + 1 }}. {{ item.sku }} for {{ trigger.body.name }}', ['item', 'index'])
    expect(work.method(scope.trigger.body.items, 'map', work.each(line))).toEqual(['1. A for Ada', '2. B for Ada'])
  })

  test('two per-item expressions in one computation do not get in each other’s way', () => {
    const work = new Computation(scope)
    const [a, b] = ['item.map(each => each + 1).sum()', 'item.length'].map((text) =>
      work.each(compilePerItem(text, ['item', 'index'])),
    )
    const items = [
      [1, 2],
      [3, 4, 5],
    ]
    expect(items.map((item, index) => [a!(item, index), b!(item, index), a!(item, index)])).toEqual([
      [5, 2, 5],
      [15, 3, 15],
    ])
  })

  test('what may be missing in an expression is said when it is compiled', () => {
    const items = [{ a: { b: 1 } }, {}]
    const read = (mode: 'required' | 'maybe' | 'forgiving', text: string) => {
      const work = new Computation(scope)
      return work.method(items, 'map', work.each(compilePerItem(text, ['item', 'index'], mode)))
    }
    expect(read('forgiving', 'item.a.b')).toEqual([1, undefined])
    expect(read('maybe', 'item.a')).toEqual([{ b: 1 }, undefined])
    expect(errorOf(() => read('maybe', 'item.a.b'))).toMatchObject({ code: 'expression.missing_path' })
    expect(errorOf(() => read('required', 'item.a'))).toMatchObject({
      code: 'expression.missing_path',
      message: expect.stringMatching(/item has no “a”.* It is item 2 of the list\.$/),
      position: { offset: 0, end: 6 },
    })
  })

  test('conditions are asked about each item', () => {
    const work = new Computation(scope)
    const passes = work.test(
      compileConditions({ operator: 'AND', conditions: [{ field: 'item.price', operator: '>', value: 5 }] }),
    )
    expect(work.method(scope.trigger.body.items, 'filter', passes)).toEqual([scope.trigger.body.items[0]])
  })

  test('all that is done in one computation is paid from one budget', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => index)
    const spent = (fuel: number) => {
      const work = new Computation(scope, { fuel })
      const square = work.each(compilePerItem('item * item', ['item', 'index']))
      return work.method(work.method(items, 'map', square), 'sum')
    }
    expect(spent(10_000)).toBe(332_833_500)
    expect(errorOf(() => spent(2_000))).toMatchObject({ code: 'expression.limit_exceeded' })
  })

  test('conditions pay for what they look at, patterns and lists on both sides too', () => {
    const asked = (items: Json[], condition: { field: string; operator: 'matches_regex' | 'in'; value: Json }) => {
      const work = new Computation(scope, { fuel: 10_000 })
      return work.method(items, 'filter', work.test(compileConditions({ operator: 'AND', conditions: [condition] })))
    }
    const long = Array.from({ length: 100 }, () => 'a'.repeat(10_000))
    const pattern = '(a|b)*c$'
    expect(errorOf(() => asked(long, { field: 'item', operator: 'matches_regex', value: pattern }))).toMatchObject({
      code: 'expression.limit_exceeded',
    })
    const many = Array.from({ length: 1_000 }, (_, index) => index)
    expect(errorOf(() => asked(many, { field: 'item', operator: 'in', value: many }))).toMatchObject({
      code: 'expression.limit_exceeded',
    })
    const computed = { field: '{{ item.toText().repeat(200) }}', operator: 'in' as const, value: ['x'] }
    expect(errorOf(() => asked([...many, ...many], computed))).toMatchObject({ code: 'expression.limit_exceeded' })
  })

  test('what a result may weigh is limited', () => {
    const work = new Computation(scope, { outputBytes: 100 })
    expect(errorOf(() => work.result('x'.repeat(200)))).toMatchObject({ code: 'expression.limit_exceeded' })
  })

  test('a method on the wrong kind of value says what it needs', () => {
    const work = new Computation(scope)
    expect(errorOf(() => work.method(7, 'upper'))).toMatchObject({
      code: 'expression.type',
      message: '“upper” is for text, and this is a number.',
    })
    expect(errorOf(() => work.method(7, 'nonsense'))).toMatchObject({ code: 'expression.type' })
  })

  test('gives what an expression gives, for any list of numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const work = new Computation({ ...scope, trigger: numbers })
        const double = work.each(compilePerItem('item * 2 - index', ['item', 'index']))
        expect(work.result(work.method(numbers, 'map', double))).toEqual(
          evaluate('trigger.map((item, index) => item * 2 - index)', numbers),
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('sets of values', () => {
  test('a thousand different objects are told apart within the usual budget', () => {
    const items = Array.from({ length: 2_000 }, (_, index) => ({ id: index % 1_000, tag: 'x' }))
    expect(evaluate('trigger.unique().length', items)).toBe(1_000)
  })

  test('unique keeps the first of what is the same, whatever the order of keys', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const reversed = (json: unknown): unknown => {
      if (Array.isArray(json)) return json.map(reversed)
      if (typeof json !== 'object' || json === null) return json
      return Object.fromEntries(
        Object.entries(json)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      )
    }
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), (list) => {
        fc.pre(!JSON.stringify(list).includes('__proto__'))
        const items = JSON.parse(JSON.stringify(list)) as Json[]
        const twice = [...items, ...(reversed(items) as Json[])]
        const once = evaluate('trigger.unique()', twice) as Json[]
        expect(once).toEqual(items.filter((item, index) => items.findIndex((other) => same(other, item)) === index))
      }),
      { numRuns: 200 },
    )
  })
})

function same(a: Json, b: Json): boolean {
  return evaluate('trigger[0] === trigger[1]', [a, b]) === true
}

describe('order of texts', () => {
  test('letter by letter, or as in a dictionary', () => {
    const words = ['b', 'Zoe', 'a', 'émile', 'item 10', 'item 2', 3, null]
    expect(evaluate('trigger.sortBy(x => x)', words)).toEqual([3, 'Zoe', 'a', 'b', 'item 10', 'item 2', 'émile', null])
    expect(evaluate('trigger.sortBy(x => x, "asc", "dictionary")', words)).toEqual([
      3,
      'a',
      'b',
      'émile',
      'item 2',
      'item 10',
      'Zoe',
      null,
    ])
    expect(errorOf(() => evaluate('trigger.sortBy(x => x, "asc", "odd")', words))).toMatchObject({
      code: 'expression.value',
    })
  })
})
