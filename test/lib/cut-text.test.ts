import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText } from '../../worker/lib/cut-text.ts'

const isHalf = (unit: number) => unit >= 0xd800 && unit <= 0xdfff

test('a text is its parts, none is too long, and none begins or ends within a character', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'ü', '😀', '漢', '👩‍👧'), maxLength: 60 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 12 }), (text, most) => {
      const parts = cutText(text, most)
      expect(parts.join('')).toBe(text)
      for (const part of parts) {
        expect(part.length).toBeGreaterThan(0)
        expect(part.length).toBeLessThanOrEqual(most)
        expect(new TextDecoder().decode(new TextEncoder().encode(part))).toBe(part)
      }
      // No more parts than a cut needs that only looks at lengths, and one more unit for each character it spares.
      expect(parts.length).toBeLessThanOrEqual(Math.ceil(text.length / (most - 1)))
    }),
    { numRuns: 200 },
  )
})

test('text with a half that stands alone comes to an end too', () => {
  const text = '\ud83d'.repeat(9)
  expect(cutText(text, 2).join('')).toBe(text)
  expect(cutText('', 5)).toEqual([])
  expect([...text].every((half) => isHalf(half.charCodeAt(0)))).toBe(true)
})
