import { expect, test } from 'vitest'
import { createBulkGate } from '../../worker/runtime/bulk-gate.ts'

test('few records go straight to D1 only right after many, and few do not make the next few go', () => {
  const gate = createBulkGate()
  expect(gate.isOpen(19, 0)).toBe(false)
  expect(gate.isOpen(20, 0)).toBe(true)
  gate.wrote(20, 0)
  expect(gate.isOpen(1, 2_000)).toBe(true)
  gate.wrote(1, 2_000)
  expect(gate.isOpen(1, 2_001)).toBe(false)
  expect(gate.isOpen(0, 100)).toBe(false)
})
