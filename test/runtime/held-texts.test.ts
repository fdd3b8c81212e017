import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeldTexts, mostHeld } from '../../worker/runtime/inbox/held-texts.ts'

test('texts are held up to a bound, and again when others have gone', () => {
  const texts = new HeldTexts()
  const half = 'x'.repeat(mostHeld / 2)
  expect([texts.hold(half), texts.hold(half), texts.hold('y')]).toEqual([half, half, undefined])
  texts.release([half])
  expect(texts.hold('y')).toBe('y')
})

test('however many come and go, never more than that is held, and what fits always is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(mostHeld), fc.boolean()), { maxLength: 12 }), (steps) => {
      const texts = new HeldTexts()
      const held: string[] = []
      const sum = () => held.reduce((characters, text) => characters + text.length, 0)
      for (const [length, releases] of steps) {
        const text = 'x'.repeat(length)
        const fits = sum() + length <= mostHeld
        expect(texts.hold(text) === text).toBe(fits)
        if (fits) held.push(text)
        if (releases) texts.release(held.splice(0, 1))
      }
    }),
  )
})
