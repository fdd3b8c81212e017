import { expect, test } from 'vitest'
import { createBulkPolicy } from '../../worker/runtime/records/bulk-policy.ts'

test('few records go straight to D1 only right after many, and few do not make the next few go', () => {
  const policy = createBulkPolicy()
  expect(policy.writesDirectly(19, 0)).toBe(false)
  expect(policy.writesDirectly(20, 0)).toBe(true)
  policy.wrote(20, 0)
  expect(policy.writesDirectly(1, 2_000)).toBe(true)
  policy.wrote(1, 2_000)
  expect(policy.writesDirectly(1, 2_001)).toBe(false)
  expect(policy.writesDirectly(0, 100)).toBe(false)
})
