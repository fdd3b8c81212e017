import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstPlaceOf, lastPlaceOf, piecesOf } from '../../worker/expressions/search.ts'

/** Long enough that it is not left to the platform: both lengths multiplied are above eight million. */
const long = 3_000

const unit = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 })
const repeated = (length: number) => unit.map((part) => part.repeat(length).slice(0, length))
const searches = fc
  .record({
    text: fc
      .array(fc.oneof(repeated(long), repeated(40), unit), { minLength: 1, maxLength: 6 })
      .map((all) => all.join('')),
    other: repeated(long),
    from: fc.nat(),
    isOwn: fc.boolean(),
    flip: fc.option(fc.nat()),
  })
  .map(({ text, other, from, isOwn, flip }) => {
    const whole = text.padEnd(long * 2, 'ab')
    const part = isOwn ? whole.slice(from % long, (from % long) + long) : other
    const at = flip === null ? -1 : flip % part.length
    return { text: whole, part: part.slice(0, Math.max(at, 0)) + (at < 0 ? '' : 'b') + part.slice(at + 1) }
  })

describe('a search in two long texts', () => {
  test('finds what the platform finds', () => {
    fc.assert(
      fc.property(searches, fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), ({ text, part }, limit) => {
        expect(firstPlaceOf(text, part)).toBe(text.indexOf(part))
        expect(lastPlaceOf(text, part)).toBe(text.lastIndexOf(part))
        expect(piecesOf(text, part)).toEqual(text.split(part))
        expect(piecesOf(text, part, limit)).toEqual(text.split(part, limit))
      }),
      { numRuns: 300 },
    )
  })

  test('finds what overlaps with itself, from either end', () => {
    const text = 'a'.repeat(long * 2)
    const part = 'a'.repeat(long - 1)
    expect([firstPlaceOf(text, part), lastPlaceOf(text, part)]).toEqual([0, long + 1])
    expect(piecesOf(text, part).map(({ length }) => length)).toEqual([0, 0, 2])
  })

  test('is left to the platform where one of them is short, or empty', () => {
    expect([firstPlaceOf('banana', 'an'), lastPlaceOf('banana', 'an'), firstPlaceOf('a', '')]).toEqual([1, 3, 0])
    expect(firstPlaceOf('a', 'a'.repeat(long * long))).toBe(-1)
  })
})
