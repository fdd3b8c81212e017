import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../worker/contract/json.ts'
import { isEqual, type Operand } from '../../../worker/expressions/conditions/compare.ts'
import { equalToOneOf } from '../../../worker/expressions/conditions/equal-to-one-of.ts'

const free = () => undefined
const parts = ['', 'a', '10', '10.0', ' 10 ', 'true', 'false', 'é', 'e\u0301', '-0', '1e1'] as const
const single = fc.oneof(
  fc.constantFrom<Operand>(undefined, null, true, false, 0, -0, 10, 1.5, ...parts),
  fc.string({ maxLength: 3 }),
)
const value = fc.oneof(
  single,
  fc.array(fc.constantFrom<Json>(1, 'é', 'e\u0301'), { maxLength: 2 }),
  fc.constantFrom<Operand>({ a: 1 }, { a: '1' }, {}),
)

test('a value is equal to one of a list exactly when it == one of its items', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), value, (items, one) => {
      expect(equalToOneOf(items, free)(one)).toBe(items.some((item) => isEqual(one, item, free)))
    }),
    { numRuns: 3_000 },
  )
})
