import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextBudget, mostHeld } from '../../worker/runtime/inbox/text-budget.ts'

test('texts are held up to a bound, and again when others have gone', () => {
  const budget = new TextBudget()
  const half = 'x'.repeat(mostHeld / 2)
  expect([budget.hold(half), budget.hold(half), budget.hold('y')]).toEqual([half, half, undefined])
  budget.release([half])
  expect(budget.hold('y')).toBe('y')
})

test('however many come and go, never more than that is held, and what fits always is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(mostHeld), fc.boolean()), { maxLength: 12 }), (steps) => {
      const budget = new TextBudget()
      const held: string[] = []
      const sum = () => held.reduce((characters, text) => characters + text.length, 0)
      for (const [length, releases] of steps) {
        const text = 'x'.repeat(length)
        const fits = sum() + length <= mostHeld
        expect(budget.hold(text) === text).toBe(fits)
        if (fits) held.push(text)
        if (releases) budget.release(held.splice(0, 1))
      }
    }),
  )
})
