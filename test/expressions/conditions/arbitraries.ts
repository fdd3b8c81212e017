import fc from 'fast-check'
import type { Condition, ConditionGroup } from '../../../worker/contract/condition.ts'
import { conditionOperators } from '../../../worker/contract/facts/condition.ts'
import type { Json } from '../../../worker/contract/json.ts'

/** Values chosen to be near each other: of one kind and another, nearly equal, nearly dates. */
const plain = fc.constantFrom<Json>(
  null,
  true,
  false,
  'true',
  'false',
  'True',
  0,
  1,
  -1,
  10,
  9.5,
  1e21,
  '10',
  '10.0',
  ' 10 ',
  '1e1',
  '9',
  '010',
  '-1',
  '0x10',
  'Infinity',
  'NaN',
  '1,000',
  '١٠',
  '',
  ' ',
  '\n',
  'abc',
  'ABC',
  'ab',
  'c',
  'abcabc',
  '\u00e9',
  'e\u0301',
  'e',
  '\ud83d\ude00',
  'ß',
  '2026-01-01',
  '2026-01-31',
  '2026-02-30',
  '2026-01-01T00:00:00Z',
  '2026-01-01T01:00:00+01:00',
  '2026-01-01T00:00:00.000Z',
  '2026-01-31T12:00:00Z',
  '2026-11-20T10:00:00Z',
  '2026-11-21T09:00',
  1_767_225_600,
  1_767_225_600_000,
  1_795_219_200,
  '24 hours',
  'P7D',
  '30m',
  '1 month',
  '^a',
  'c$',
  '(?i)ABC',
  'a.c',
  '[0-9]+',
)

const json: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 1, arbitrary: fc.array(plain, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'from', 'to'), plain, { maxKeys: 2, noNullPrototype: true }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      { amount: 7, unit: 'days' },
      ['2026-01-01', '2026-01-31'],
      { from: '2026-01-01', to: '2026-01-31T00:00:00Z' },
      [],
      {},
      [[1]],
      [1, '1'],
      ['vip', 'new'],
      { b: 1, a: 2 },
    ),
  },
)

const keys = ['f0', 'f1', 'f2', 'f3'] as const

export const data = fc.dictionary(fc.constantFrom(...keys), json, { maxKeys: 4, noNullPrototype: true })

const comparison: fc.Arbitrary<Condition> = fc.record(
  {
    field: fc.constantFrom(...keys).map((key) => `trigger.${key}`),
    operator: fc.constantFrom(...conditionOperators),
    value: json,
  },
  { requiredKeys: ['field', 'operator'], noNullPrototype: true },
)

export const group: fc.Arbitrary<ConditionGroup> = fc.letrec<{ group: ConditionGroup }>((tie) => ({
  group: fc.record(
    {
      operator: fc.constantFrom('AND' as const, 'OR' as const, 'NOT' as const),
      conditions: fc.array(fc.oneof({ maxDepth: 3, depthIdentifier: 'group' }, comparison, tie('group')), {
        maxLength: 4,
      }),
    },
    { noNullPrototype: true },
  ),
})).group

/**
 * The same group with every value behind an expression, so that values an operator cannot use are met when it is
 * evaluated and not when it is compiled; and the variables that hold the values.
 */
export function behindExpressions(group: ConditionGroup, vars: { [key: string]: Json } = {}): ConditionGroup {
  return {
    ...group,
    conditions: group.conditions.map((member) => {
      if ('conditions' in member) return behindExpressions(member, vars)
      const name = `v${Object.keys(vars).length}`
      vars[name] = member.value ?? null
      return { ...member, value: `{{ vars.${name} }}` }
    }),
  }
}
