import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConditionGroup, type ConditionOperator } from '../../../worker/contract/condition.ts'
import { conditionOperators } from '../../../worker/contract/facts/condition.ts'
import type { Json } from '../../../worker/contract/json.ts'
import { compileConditions, type Outcome } from '../../../worker/expressions/index.ts'
import { errorOf, now, scope } from '../evaluate.ts'
import { behindExpressions, data, group } from './arbitraries.ts'
import { judge } from './reference.ts'

/** Stands for a field that is not there. */
const missing = Symbol('missing')

/** One comparison; its value stands behind an expression, so that any value can be tried. */
function holds(field: Json | typeof missing, operator: ConditionOperator, value: Json = null): boolean {
  const trigger = field === missing ? {} : { field }
  const conditions = compileConditions({
    operator: 'AND',
    conditions: [{ field: 'trigger.field', operator, value: '{{ vars.value }}' }],
  })
  return conditions.evaluate({ ...scope, trigger, vars: { value } }).result
}

function evaluate(group: ConditionGroup, trigger: { [key: string]: Json }): Outcome {
  return compileConditions(group).evaluate({ ...scope, trigger })
}

type Case = [Json | typeof missing, ConditionOperator, Json, boolean]

function decides(cases: Case[]): void {
  test.each(
    cases.map(
      (each) => [each.map((item) => (item === missing ? 'nothing' : JSON.stringify(item))).join(' '), each] as const,
    ),
  )('%s', (_name, [field, operator, value, result]) => {
    expect(holds(field, operator, value)).toBe(result)
  })
}

describe('equality', () => {
  decides([
    [5, '==', 5, true],
    [5, '==', '5', true],
    ['5.0', '==', 5, true],
    [' 5 ', '==', 5, true],
    ['5', '==', '5.0', false],
    ['0x5', '==', 5, false],
    ['', '==', 0, false],
    [true, '==', 'true', true],
    [true, '==', 'TRUE', false],
    [true, '==', 1, false],
    ['true', '==', true, true],
    [null, '==', null, true],
    [missing, '==', null, true],
    [missing, '==', '', false],
    [missing, '==', 0, false],
    [missing, '==', false, false],
    [missing, '!=', 5, true],
    [missing, '!=', null, false],
    ['Ada', '==', 'ada', false],
    ['é', '==', 'e\u0301', true],
    ['ß', '==', 'ss', false],
    [['a', 1], '==', ['a', '1'], true],
    [['a', 'b'], '==', ['b', 'a'], false],
    [{ a: 1, b: [2] }, '==', { b: [2], a: 1 }, true],
    [{ a: 1 }, '==', { a: 1, b: null }, false],
    [[], '==', '', false],
    ['2026-01-01', '==', '2026-01-01T00:00:00Z', false],
    [9_007_199_254_740_992, '==', '9007199254740993', true],
  ])
})

describe('order', () => {
  decides([
    [10, '>', 9, true],
    ['10', '>', '9', true],
    ['10', '>', 9, true],
    ['b', '>', 'a', true],
    ['B', '>', 'a', false],
    ['10', '>', 'a', false],
    ['10', '<', 'a', true],
    ['9 apples', '<', '10 apples', false],
    ['2026-01-02', '>', '2026-01-01T23:00:00Z', true],
    ['2026-01-01T01:00:00+01:00', '>=', '2026-01-01T00:00:00Z', true],
    ['2026-01-01T01:00:00+01:00', '>', '2026-01-01T00:00:00Z', false],
    [missing, '>', 0, false],
    [missing, '<=', 0, false],
    [null, '<', 1, false],
    [true, '>', 0, false],
    [[2], '>', 1, false],
    [{}, '<', 1, false],
    [5, '>', null, false],
    [5, '<', null, false],
    ['é', '<=', 'e\u0301', true],
    ['é', '>=', 'e\u0301', true],
  ])
})

describe('texts and lists', () => {
  decides([
    [['vip', 'new'], 'contains', 'vip', true],
    [['vip', 'new'], 'contains', 'vi', false],
    [[1, 2], 'includes', '2', true],
    [[[1]], 'includes', [1], true],
    [[], 'not_includes', 'a', true],
    [[null], 'includes', null, true],
    ['invoice', 'contains', 'voice', true],
    ['invoice', 'contains', '', true],
    ['invoice', 'contains', null, false],
    [4711, 'contains', 71, true],
    ['cafe\u0301', 'contains', 'café', true],
    [missing, 'contains', 'a', false],
    [missing, 'not_contains', 'a', true],
    [{ a: 1 }, 'contains', 'a', false],
    [true, 'contains', 'r', false],
    ['invoice', 'starts_with', 'in', true],
    ['invoice', 'starts_with', 'IN', false],
    [4711, 'starts_with', '47', true],
    [missing, 'starts_with', '', false],
    [['a'], 'starts_with', 'a', false],
    ['photo.png', 'ends_with', '.png', true],
    ['Order 4711', 'matches_regex', '\\d{4}$', true],
    ['Order 4711', 'matches_regex', '(?i)^order', true],
    ['Order 4711', 'matches_regex', '^order', false],
    [4711, 'matches_regex', '^47', true],
    [missing, 'matches_regex', '.*', false],
    ['DE', 'in', ['DE', 'AT'], true],
    [5, 'in', ['5'], true],
    [missing, 'in', ['a'], false],
    [missing, 'in', [null], true],
    [['a', 'x'], 'in', ['a', 'b'], true],
    [['x'], 'in', ['a', 'b'], false],
    ['a', 'in', 'a', true],
    ['a', 'in', 'abc', false],
    ['a', 'not_in', [], true],
  ])
})

describe('presence', () => {
  decides([
    [0, 'exists', null, true],
    ['', 'exists', null, true],
    [null, 'exists', null, false],
    [missing, 'exists', null, false],
    [missing, 'not_exists', null, true],
    [' ', 'is_empty', null, true],
    ['\u00a0', 'is_empty', null, true],
    [[], 'is_empty', null, true],
    [{}, 'is_empty', null, true],
    [[null], 'is_empty', null, false],
    [0, 'is_empty', null, false],
    [false, 'is_empty', null, false],
    [missing, 'is_empty', null, true],
    [missing, 'is_not_empty', null, false],
  ])
})

describe('dates', () => {
  decides([
    ['2026-01-01', 'before_date', '2026-01-02', true],
    ['2026-01-01T12:00:00Z', 'after_date', '2026-01-01', true],
    ['2026-01-01', 'after_date', '2026-01-01', false],
    [1_767_225_600, 'before_date', '2026-01-02', true],
    [1_767_225_600_000, 'after_date', '2025-12-31', true],
    ['soon', 'before_date', '2026-01-02', false],
    ['soon', 'after_date', '2026-01-02', false],
    [missing, 'before_date', '2026-01-02', false],
    ['2026-01-02', 'before_date', 'later', false],
    ['2026-01-31T23:59:59Z', 'between_dates', ['2026-01-01', '2026-01-31'], true],
    ['2026-01-31T23:59:59Z', 'between_dates', ['2026-01-01', '2026-01-31T00:00:00Z'], false],
    ['2026-01-01', 'between_dates', { from: '2026-01-01', to: '2026-01-31' }, true],
    ['2026-01-15', 'between_dates', ['2026-01-31', '2026-01-01'], false],
    ['2026-01-15', 'between_dates', ['2026-01-01'], false],
    ['2026-11-21T00:00:00Z', 'newer_than', '24 hours', true],
    ['2026-11-20T09:30:00Z', 'newer_than', '24 hours', false],
    ['2026-11-20T09:30:00Z', 'older_than', '24 hours', false],
    ['2026-11-20T09:29:59Z', 'older_than', 'P1D', true],
    ['2026-11-01', 'older_than', { amount: 7, unit: 'days' }, true],
    ['2027-01-01', 'newer_than', '1 minute', true],
    [now / 1_000, 'newer_than', '1 minute', true],
    ['soon', 'newer_than', '1 day', false],
    ['soon', 'older_than', '1 day', false],
    ['2026-11-21', 'newer_than', 'a while', false],
    [missing, 'older_than', '1 day', false],
  ])
})

describe('fields and values', () => {
  test('a field may be a path, an expression, or text with expressions', () => {
    const seen = (field: string): Json | undefined =>
      compileConditions({ operator: 'AND', conditions: [{ field, operator: 'exists' }] }).evaluate(scope).because[0]
        ?.actual
    expect(seen('trigger.body.items[0].price')).toBe(10)
    expect(seen('{{ trigger.body.items.sum(item => item.price) }}')).toBe(15)
    expect(seen('{{ trigger.body.name }}!')).toBe('Ada!')
    expect(seen('{{ now.add(1, "day") }}')).toBe('2026-11-22T09:30:00.000Z')
  })

  test('a missing field is nothing, by path and by expression', () => {
    for (const field of [
      'trigger.body.nope',
      'trigger.nope.at.all',
      'trigger.body.nothing.x',
      'steps.later.total',
      'contact.email',
      'trigger.body.items[9].sku',
      'trigger.body.name.x',
      '{{ trigger.body.nope }}',
      '{{ trigger.nope.at.all }}',
      '{{ trigger.body.nothing.x }}',
      '{{ steps.later.total * 2 }}',
      '{{ trigger.body.nope + 1 }}',
      '{{ trigger.nope.upper() }}',
    ]) {
      const conditions = compileConditions({
        operator: 'AND',
        conditions: [
          { field, operator: 'not_exists' },
          { field, operator: '!=', value: 5 },
          { field, operator: 'is_empty' },
        ],
      })
      expect(conditions.evaluate(scope).result, field).toBe(true)
    }
  })

  test('other errors of a field or value are thrown with their place', () => {
    const group = (field: string, value: Json = 1): ConditionGroup => ({
      operator: 'OR',
      conditions: [
        { field: 'trigger.x', operator: 'exists' },
        { operator: 'AND', conditions: [{ field, operator: '==', value }] },
      ],
    })
    const at = ['conditions', 1, 'conditions', 0]
    expect(errorOf(() => compileConditions(group('{{ trigger.body.name * 2 }}')).evaluate(scope))).toMatchObject({
      code: 'expression.type',
      path: [...at, 'field'],
    })
    expect(errorOf(() => compileConditions(group('trigger.x', ['{{ trigger.nope }}'])).evaluate(scope))).toMatchObject({
      code: 'expression.missing_path',
      path: [...at, 'value', 0],
    })
    expect(errorOf(() => compileConditions(group('{{ 1 + }}')))).toMatchObject({
      code: 'expression.syntax',
      path: [...at, 'field'],
    })
    expect(errorOf(() => compileConditions(group('trigger.x', '{{ x = 1 }}')))).toMatchObject({
      code: 'expression.syntax',
      path: [...at, 'value'],
    })
  })

  test.each<[ConditionOperator, Json, string]>([
    ['matches_regex', '(', 'The pattern has a mistake'],
    ['matches_regex', ['a'], 'must be a pattern'],
    ['before_date', 'tomorrow', 'must be a date'],
    ['after_date', null, 'must be a date'],
    ['between_dates', ['2026-01-01'], 'must be two dates'],
    ['newer_than', 'a while', 'must be a length of time'],
    ['older_than', 24, 'must be a length of time'],
  ])('%s cannot be written with %j', (operator, value, words) => {
    const error = errorOf(() =>
      compileConditions({ operator: 'AND', conditions: [{ field: 'trigger.x', operator, value }] }),
    )
    expect(error).toMatchObject({ code: 'expression.value', path: ['conditions', 0, 'value'] })
    expect(error.message).toContain(words)
  })

  test('operators that need no value ignore it, even one that could not be evaluated', () => {
    const conditions = compileConditions({
      operator: 'AND',
      conditions: [{ field: 'trigger.body.name', operator: 'exists', value: '{{ trigger.nope }}' }],
    })
    expect(conditions.evaluate(scope)).toMatchObject({ result: true, because: [{ expected: null }] })
  })

  test('groups nest to ten levels, the outermost included', () => {
    const nest = (levels: number): ConditionGroup => ({
      operator: 'AND',
      conditions: levels === 1 ? [] : [nest(levels - 1)],
    })
    expect(compileConditions(nest(10)).evaluate(scope).result).toBe(true)
    const { code, path } = errorOf(() => compileConditions(nest(11)))
    expect(code).toBe('expression.limit_exceeded')
    expect(path).toEqual(Array.from({ length: 10 }, () => ['conditions', 0]).flat())
  })
})

describe('because', () => {
  const vip = { field: 'trigger.tags', operator: 'includes', value: 'vip' } as const
  const large = { field: 'trigger.total', operator: '>', value: 100 } as const
  const named = { field: 'trigger.name', operator: 'exists' } as const

  test('names every comparison when all had to hold', () => {
    expect(evaluate({ operator: 'AND', conditions: [vip, large] }, { tags: ['vip'], total: 120 })).toEqual({
      result: true,
      because: [
        {
          path: [0],
          field: 'trigger.tags',
          operator: 'includes',
          actual: ['vip'],
          found: true,
          expected: 'vip',
          result: true,
        },
        { path: [1], field: 'trigger.total', operator: '>', actual: 120, found: true, expected: 100, result: true },
      ],
    })
  })

  test('names the one that settled it, and does not look at the rest', () => {
    const bad = { field: '{{ trigger.total * trigger.name }}', operator: 'exists' } as const
    expect(evaluate({ operator: 'AND', conditions: [large, bad] }, { total: 20, name: 'x' })).toEqual({
      result: false,
      because: [
        { path: [0], field: 'trigger.total', operator: '>', actual: 20, found: true, expected: 100, result: false },
      ],
    })
    expect(evaluate({ operator: 'OR', conditions: [named, large, bad] }, { total: 120 })).toMatchObject({
      result: true,
      because: [{ path: [1], actual: 120 }],
    })
    expect(evaluate({ operator: 'NOT', conditions: [named, large, bad] }, { total: 120 })).toMatchObject({
      result: false,
      because: [{ path: [1], result: true }],
    })
  })

  test('reaches into groups, and tells missing from null', () => {
    const outcome = evaluate(
      { operator: 'OR', conditions: [large, { operator: 'NOT', conditions: [vip, named] }] },
      { total: 1, name: null },
    )
    expect(outcome).toMatchObject({
      result: true,
      because: [
        { path: [1, 0], field: 'trigger.tags', actual: null, found: false, result: false },
        { path: [1, 1], field: 'trigger.name', actual: null, found: true, result: false },
      ],
    })
  })

  test('explains a result: its comparisons alone give it', () => {
    fc.assert(
      fc.property(group, data, (tree, trigger) => {
        const vars: { [key: string]: Json } = {}
        const { result, because } = compileConditions(behindExpressions(tree, vars)).evaluate({
          ...scope,
          trigger,
          vars,
        })
        const paths = because.map(({ path }) => path.join())
        const decided = (member: ConditionGroup, path: number[]): boolean | undefined => {
          const answers = member.conditions.map((each, index) => {
            const here = [...path, index]
            if ('conditions' in each) return decided(each, here)
            const at = paths.indexOf(here.join())
            return at < 0 ? undefined : because[at]?.result
          })
          if (member.operator === 'AND')
            return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true
          const some = answers.includes(true) ? true : answers.includes(undefined) ? undefined : false
          return member.operator === 'OR' || some === undefined ? some : !some
        }
        if (because.length < 10) expect(decided(tree, [])).toBe(result)
      }),
      { numRuns: 1_000 },
    )
  })

  test('is bounded, whatever the data and the group', () => {
    const huge: Json = {
      list: Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'é'.repeat(50) })),
      text: '😀'.repeat(50_000),
    }
    const conditions = Array.from({ length: 100 }, (_, index) => ({
      field: index % 2 === 0 ? 'trigger' : 'trigger.text',
      operator: '!=' as const,
      value: 'x'.repeat(5_000),
    }))
    const { because } = evaluate({ operator: 'AND', conditions }, huge)
    expect(because).toHaveLength(10)
    expect(JSON.stringify(because).length).toBeLessThan(10 * 1_000)
    expect(because[1]?.actual).toBe(`${'😀'.repeat(100)}…`)
    expect(JSON.stringify(because).isWellFormed()).toBe(true)
  })
})

describe('every operator of the contract', () => {
  test('answers for every kind of value without throwing, the same each time', () => {
    const values: (Json | typeof missing)[] = [
      missing,
      null,
      true,
      0,
      -1.5,
      '',
      'text',
      '10',
      '2026-01-01',
      [],
      [1, 'a'],
      {},
      { a: 1 },
    ]
    for (const operator of conditionOperators) {
      for (const field of values) {
        for (const value of values) {
          const given = value === missing ? null : value
          expect(holds(field, operator, given)).toBe(holds(field, operator, given))
        }
      }
    }
  })

  test('agrees with a second evaluator, written from the documentation alone', () => {
    fc.assert(
      fc.property(group, data, (tree, trigger) => {
        expect(ConditionGroup.parse(tree)).toEqual(tree)
        const vars: { [key: string]: Json } = {}
        const compiled = compileConditions(behindExpressions(tree, vars))
        expect(compiled.evaluate({ ...scope, trigger, vars }).result).toBe(judge(tree, trigger, now))
      }),
      { numRuns: 10_000 },
    )
  })
})

/** Comparisons whose answers are known: the field is 1, and each asks for a number. */
const known = fc
  .boolean()
  .map((answer) => ({ answer, condition: { field: 'trigger.one', operator: '==', value: answer ? 1 : 2 } as const }))

// Feature: automations-workflows, Property 9: AND Logic Correctness
test('AND is true exactly when all its conditions are', () => {
  fc.assert(
    fc.property(fc.array(known, { maxLength: 20 }), (members) => {
      const conditions = members.map(({ condition }) => condition)
      expect(evaluate({ operator: 'AND', conditions }, { one: 1 }).result).toBe(members.every(({ answer }) => answer))
    }),
    { numRuns: 500 },
  )
})

// Feature: automations-workflows, Property 10: OR Logic Correctness
test('OR is true exactly when at least one of its conditions is', () => {
  fc.assert(
    fc.property(fc.array(known, { maxLength: 20 }), (members) => {
      const conditions = members.map(({ condition }) => condition)
      const some = members.some(({ answer }) => answer)
      expect(evaluate({ operator: 'OR', conditions }, { one: 1 }).result).toBe(some)
      expect(evaluate({ operator: 'NOT', conditions }, { one: 1 }).result).toBe(!some)
    }),
    { numRuns: 500 },
  )
})

// Feature: automations-workflows, Property 11: Numeric Operator Correctness
test('numbers compare as numbers, also where one is written as text', () => {
  const figure = fc.oneof(fc.integer({ min: -100, max: 100 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
  const form = fc.constantFrom<(value: number) => Json>(
    (value) => value,
    String,
    (value) => ` ${value} `,
  )
  fc.assert(
    fc.property(figure, figure, form, form, (a, b, writeA, writeB) => {
      const [field, value] = [writeA(a), writeB(b)]
      expect(holds(field, '>', value)).toBe(a > b)
      expect(holds(field, '>=', value)).toBe(a >= b)
      expect(holds(field, '<', value)).toBe(a < b)
      expect(holds(field, '<=', value)).toBe(a <= b)
      expect(holds(field, 'greater_than', value)).toBe(a > b)
      expect(holds(field, 'less_or_equal', value)).toBe(a <= b)
      if (typeof field === 'number' || typeof value === 'number') {
        expect(holds(field, '==', value)).toBe(a === b)
        expect(holds(field, '!=', value)).toBe(a !== b)
      }
    }),
    { numRuns: 1_000 },
  )
})

// Feature: automations-workflows, Property 12: Array Operator Correctness
test('contains and not_contains answer whether the value is an item of the list', () => {
  const item = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'ö'), maxLength: 2 }),
    fc.integer({ min: 0, max: 3 }),
    fc.boolean(),
    fc.constant(null),
  )
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), item, (list, value) => {
      const isItem = list.some((each) => each === value)
      fc.pre(isItem || !list.some((each) => String(each) === String(value)))
      for (const operator of ['contains', 'includes'] as const) expect(holds(list, operator, value)).toBe(isItem)
      for (const operator of ['not_contains', 'not_includes'] as const)
        expect(holds(list, operator, value)).toBe(!isItem)
      expect(holds(value, 'in', list)).toBe(isItem)
      expect(holds(value, 'not_in', list)).toBe(!isItem)
    }),
    { numRuns: 1_000 },
  )
})
