import { createContext, runInContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import { errorOf, evaluate } from './evaluate.ts'

function gives(cases: [string, Json][]): void {
  test.each(cases)('%s', (source, result) => {
    expect(evaluate(source)).toStrictEqual(result)
  })
}

describe('literals and collections', () => {
  gives([
    ['1_000 + 0x10 + .5', 1016.5],
    ['\'a\' + "b" + `c`', 'abc'],
    ['"\\u00e9\\n"', 'é\n'],
    ['null', null],
    ['undefined', null],
    ['[1, "a", null, [2]]', [1, 'a', null, [2]]],
    ['[...[1, 2], ...trigger.body.tags, ..."ab"]', [1, 2, 'vip', 'new', 'a', 'b']],
    ['({ a: 1, "b c": 2, 3: 4, [`d${5}`]: 6 })', { a: 1, 'b c': 2, 3: 4, d5: 6 }],
    ['({ ...trigger.body.customer.address, ...null, zip: 1 })', { city: 'London', zip: 1 }],
    ['[1].map(x => ({ x }))', [{ x: 1 }]],
    ['`${1}${null}-${[1]}-${now}`', '1-[1]-2026-11-21T09:30:00.000Z'],
  ])
})

describe('operators', () => {
  gives([
    ['2 + 3 * 4 ** 2 % 7', 8],
    ['"5" * "2" - "1"', 9],
    ['"5" + 1', '51'],
    ['"a" + null + undefined + true + [1]', 'atrue[1]'],
    ['-"5"', -5],
    ['+"1.50"', 1.5],
    ['0 - 0', 0],
    ['date("2026-01-02") - date("2026-01-01")', 86_400_000],
    ['1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3', true],
    ['"b" > "a"', true],
    ['"10" > 9', true],
    ['"10" > "9"', false],
    ['now > "2026-01-01"', true],
    ['now >= date("2026-11-21T09:30:00Z")', true],
    ['1 == "1.0"', true],
    ['1 === "1"', false],
    ['null == undefined', true],
    ['null === undefined', false],
    ['null == 0', false],
    ['0 == false', false],
    ['[1, { a: 2 }] == [1, { a: 2 }]', true],
    ['({ a: 1, b: 2 }) === { b: 2, a: 1 }', true],
    ['({ a: 1 }) != { a: 2 }', true],
    ['now == "2026-11-21T10:30:00+01:00"', true],
    ['now === "2026-11-21T09:30:00.000Z"', false],
    ['"name" in trigger.body', true],
    ['"vip" in trigger.body.tags', true],
    ['"me" in "name"', true],
    ['!0 && !"" && !null && ![].length', true],
    ['![]', false],
    ['"" || "b"', 'b'],
    ['0 ?? 1', 0],
    ['null ?? 1', 1],
    ['1 && 2', 2],
    ['trigger.body.paid ? "yes" : "no"', 'yes'],
    [
      'typeof trigger.body.name + typeof 1 + typeof null + typeof trigger.x.y + typeof true',
      'stringnumberobjectundefinedboolean',
    ],
  ])

  test.each([
    ['1 / 0', 'expression.value'],
    ['1 % 0', 'expression.value'],
    ['10 ** 400', 'expression.value'],
    ['"a" * 2', 'expression.type'],
    ['null + 1', 'expression.type'],
    ['true + 1', 'expression.type'],
    ['[1] + [2]', 'expression.type'],
    ['now + 1', 'expression.type'],
    ['now * 2', 'expression.type'],
    ['-trigger.body.name', 'expression.type'],
    ['null < 1', 'expression.type'],
    ['"a" < 1', 'expression.type'],
    ['[] < []', 'expression.type'],
    ['true < 2', 'expression.type'],
    ['"a" in 5', 'expression.type'],
    ['[...5]', 'expression.type'],
    ['({ ...[1] })', 'expression.type'],
    ['({ [null]: 1 })', 'expression.type'],
  ])('%s is refused', (source, code) => {
    expect(errorOf(() => evaluate(source)).code).toBe(code)
  })
})

describe('paths', () => {
  gives([
    ['trigger.body.items[1].sku', 'B'],
    ['trigger["headers"]["x-github-event"]', 'push'],
    ['trigger.body.items[trigger.body.items.length - 1].sku', 'B'],
    ['trigger.body["na" + "me"]', 'Ada'],
    ['trigger.body.name[0] + trigger.body.name.length', 'A3'],
    ['trigger.body.items["0"].price', 10],
    ['trigger?.body?.customer?.email', 'ada@example.com'],
    ['trigger.nothing?.here.at.all', null],
    ['trigger.body.nothing?.x', null],
    ['trigger.body.nothing?.[0].x.y', null],
    ['trigger.body?.nothing?.upper().lower()', null],
    ['(trigger.x?.y)?.z', null],
    ['trigger.a.b.c ?? "none"', 'none'],
    ['steps.later.total ?? 0', 0],
    ['trigger.a.b.upper() ?? "none"', 'none'],
    ['trigger.body.vip ? 1 : 2', 2],
    ['trigger.body.vip || "no"', 'no'],
    ['!trigger.body.vip', true],
    ['trigger.body.vip == null', true],
    ['trigger.body.vip === undefined', true],
    ['trigger.body.vip && trigger.body.vip.x', null],
    ['[trigger.body.vip ?? 1]', [1]],
  ])

  test.each([
    ['trigger.body.vip', 'trigger.body.vip'],
    ['trigger.body.customer.emial', 'trigger.body.customer.emial'],
    ['trigger.body.custmer.email', 'trigger.body.custmer'],
    ['trigger.body.custmer.email.upper()', 'trigger.body.custmer'],
    ['trigger.body.nothing.x', 'trigger.body.nothing.x'],
    ['trigger.body.items[7]', 'trigger.body.items[7]'],
    ['trigger.body.items[-1]', 'trigger.body.items[-1]'],
    ['trigger.body.items[0.5]', 'trigger.body.items[0.5]'],
    ['trigger.body.items.sku', 'trigger.body.items.sku'],
    ['trigger.body.name.first', 'trigger.body.name.first'],
    ['trigger.body.total.x', 'trigger.body.total.x'],
    ['trigger.body["mis" + "sing"]', 'trigger.body["mis" + "sing"]'],
    ['trigger?.body.missing', 'trigger?.body.missing'],
    ['trigger.body.vip + 1', 'trigger.body.vip'],
    ['trigger.body.vip > 1', 'trigger.body.vip'],
    ['[trigger.body.vip]', 'trigger.body.vip'],
    ['({ a: trigger.body.vip })', 'trigger.body.vip'],
    ['`${trigger.body.vip}`', 'trigger.body.vip'],
    ['text(trigger.body.vip)', 'trigger.body.vip'],
    ['trigger.body.name.includes(trigger.body.vip)', 'trigger.body.vip'],
    ['trigger.body.vip.x == 1', 'trigger.body.vip'],
    ['trigger.body.vip.x ? 1 : 2', 'trigger.body.vip'],
    ['trigger.body.paid ? trigger.body.vip : 1', 'trigger.body.vip'],
    ['trigger.a ?? trigger.b', 'trigger.b'],
    ['trigger.body.items.map(item => item.colour)', 'item.colour'],
    ['trigger.body.items.map(({ sku }) => sku.x)', 'sku.x'],
    ['(trigger.x?.y).z', '(trigger.x?.y).z'],
  ])('%s names what is missing', (source, missingPath) => {
    expect(errorOf(() => evaluate(source))).toMatchObject({ code: 'expression.missing_path', missingPath })
  })
})

describe('functions as arguments', () => {
  gives([
    ['trigger.body.items.map(item => item.price * item.quantity)', [20, 5]],
    ['trigger.body.items.map((item, index) => index + ":" + item.sku)', ['0:A', '1:B']],
    ['trigger.body.items.map(({ sku, price: cost, size = "M" }) => `${sku}${cost}${size}`)', ['A10M', 'B5M']],
    [
      'trigger.body.items.map(({ sku, ...rest }) => rest)',
      [
        { price: 10, quantity: 2 },
        { price: 5, quantity: 1 },
      ],
    ],
    ['[[1, 2, 3]].map(([a, , b = 9, c = 8]) => a + b + c)', [12]],
    ['[[1, 2, 3]].map(([a, ...rest]) => rest)', [[2, 3]]],
    ['[{ a: { b: [7] } }].map(({ a: { b: [x] } }) => x)', [7]],
    ['[1, 2].map((...all) => all.length)', [3, 3]],
    [
      '[1, 2].map(a => [10, 20].map(b => a * b))',
      [
        [10, 20],
        [20, 40],
      ],
    ],
    ['[1, 2].map(x => [x].map(x => x * 10)[0] + x)', [11, 22]],
    ['[[1, 2], [3]].map(xs => xs.map(y => xs.length))', [[2, 2], [1]]],
    ['trigger.body.items.filter(item => item.discount)', []],
    ['trigger.body.items.find(item => item.sku == "B").price', 5],
    ['trigger.body.items.find(item => item.sku == "C")', null],
    ['trigger.body.items.find(item => item.sku == "C")?.price', null],
    ['[3, 1, 2].sort((a, b) => b - a)', [3, 2, 1]],
    ['["b", "a"].sort((a, b) => a.compareTo(b))', ['a', 'b']],
    ['[1, 2, 3].reduce((sum, x, index) => sum + x * index, 100)', 108],
    ['[{ n: 2 }, { n: null }, { n: 1 }].sortBy(x => x.n, "desc").pluck("n")', [2, 1, null]],
  ])

  test.each([
    ['[1].map(1)', 'expression.type'],
    ['[1].map()', 'expression.type'],
    ['[1].join(x => x)', 'expression.type'],
    ['[1].map(x => x())', 'expression.type'],
    ['[1].map(({ a }) => a)', 'expression.type'],
    ['[1].map(([a]) => a)', 'expression.type'],
    ['"a".map(x => x)', 'expression.type'],
    ['trigger.body.map', 'expression.missing_path'],
    ['trigger.body.items.map', 'expression.missing_path'],
    ['trigger.body.items.mpa(x => x)', 'expression.unknown_name'],
    ['uper("a")', 'expression.unknown_name'],
    ['upper("a")', 'expression.unknown_name'],
    ['Math.random()', 'expression.unknown_name'],
    ['Date.now()', 'expression.unknown_name'],
    ['Math', 'expression.unknown_name'],
    ['"a".padStart()', 'expression.type'],
    ['"a".padStart("b")', 'expression.type'],
    ['round(1, 2, 3)', 'expression.type'],
    ['trigger.body.created.add(1, "day")', 'expression.missing_path'],
    ['"2026-01-01".add(1, "day")', 'expression.type'],
    ['range(...5)', 'expression.type'],
  ])('%s is refused', (source, code) => {
    expect(errorOf(() => evaluate(source)).code).toBe(code)
  })
})

describe('the same as JavaScript', () => {
  // Expressions both languages have, on values where both agree by design: numbers, booleans and texts without blanks.
  const leaf = fc.oneof(
    fc.integer({ min: -50, max: 50 }).map((n) => `(${n})`),
    fc.constantFrom('a', 'b', 'c'),
  )
  const numeric: fc.Arbitrary<string> = fc.letrec<{ number: string; test: string }>((tie) => ({
    number: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      leaf,
      fc.tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('test'), tie('number'), tie('number')).map(([t, a, b]) => `(${t} ? ${a} : ${b})`),
      fc
        .tuple(tie('number'), fc.constantFrom('||', '&&', '??'), tie('number'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => `Math.max(${a}, Math.abs(${b}))`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => `[${a}, ${b}].map(x => x * 2).reduce((s, x) => s + x, 0)`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => `[${a}, ${b}].filter(x => x > 0).length`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => `({ p: ${a}, q: [${b}] }).q[0]`),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => '`${' + a + '}-${' + b + '}`.length'),
    ),
    test: fc.oneof(
      fc
        .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '===', '!=='), tie('number'))
        .map(([a, op, b]) => `${a} ${op} ${b}`),
      fc.tuple(tie('number')).map(([a]) => `!${a}`),
    ),
  })).number

  const javascript = createContext({})

  test('gives what JavaScript gives', () => {
    fc.assert(
      fc.property(
        numeric,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
        fc.nat(),
        (source, a, b, c) => {
          fc.pre(source.length < 1_500)
          const expected: unknown = runInContext(source, Object.assign(javascript, { a, b, c }))
          fc.pre(Number.isFinite(expected))
          const bound = source.replace(/\b([abc])\b/g, 'trigger.$1')
          expect((evaluate(bound, { a, b, c }) as number) + 0).toBe((expected as number) + 0)
        },
      ),
      { numRuns: 500 },
    )
  })
})
