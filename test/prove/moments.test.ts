import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseMoments, nameOf } from '../../scripts/prove/kill/moments.ts'
import { createRandom } from '../../scripts/prove/kill/random.ts'

test('the same seed chooses the same moments', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 80 }), (seed, count) => {
      const [one, two] = [chooseMoments(createRandom(seed), count), chooseMoments(createRandom(seed), count)]
      expect(one).toEqual(two)
      expect(one.length).toBe(count)
    }),
    { numRuns: 200 },
  )
})

test('sixty moments are of every kind, and never more than four in a row without a calm', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const names = chooseMoments(createRandom(seed), 60).map(nameOf)
      expect(new Set(names)).toEqual(
        new Set(['anytime', 'call arrived', 'call committed', 'call answered', 'acknowledged', 'starting', 'calm']),
      )
      expect(
        names
          .join()
          .split('calm')
          .every((stretch) => stretch.split(',').filter(Boolean).length <= 4),
      ).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test('chance stays within its bounds and shuffling loses nothing', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer(), { maxLength: 30 }), (seed, values) => {
      const random = createRandom(seed)
      for (let draw = 0; draw < 20; draw++) {
        expect([-3, -2, -1, 0, 1, 2, 3]).toContain(random.int(-3, 3))
      }
      expect(random.shuffled(values).toSorted((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b))
    }),
    { numRuns: 100 },
  )
})
