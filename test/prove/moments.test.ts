import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseMoments, nameOf } from '../../scripts/prove/kill/moments.ts'
import { boundaries, storm, type Round } from '../../scripts/prove/kill/rounds.ts'
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

const namesOf = (rounds: Round[]) => rounds.map(({ moment }) => nameOf(moment))

/** How many outages follow each other without a calm. */
function longestStretch(rounds: Round[]): number {
  const stretches = namesOf(rounds).join().split('calm')
  return Math.max(...stretches.map((stretch) => stretch.split(',').filter(Boolean).length))
}

test('a storm has as many outages as asked for, of every kind, and never more than four without a calm', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const rounds = storm(createRandom(seed), { executions: 3_000, kills: 60 })
      expect(rounds.length).toBe(60)
      expect(new Set(namesOf(rounds))).toEqual(
        new Set(['anytime', 'call arrived', 'call committed', 'call answered', 'acknowledged', 'starting', 'calm']),
      )
      expect(longestStretch(rounds)).toBe(4)
    }),
    { numRuns: 100 },
  )
})

test('the boundaries are there once each, and never more than four without a calm', () => {
  const rounds = boundaries()
  const moments = rounds.map(({ events, moment }) => JSON.stringify([events, moment]))
  const kinds = moments.filter((text) => !text.includes('calm'))
  expect(new Set(kinds).size).toBe(kinds.length)
  expect(longestStretch(rounds)).toBe(4)
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
