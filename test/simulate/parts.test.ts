import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContactField } from '../../worker/contract/simulate.ts'
import { seededFraction } from '../../worker/lib/seeded-fraction.ts'
import { approximateBytes } from '../../worker/simulate/approximate-bytes.ts'
import { arrivalTimes } from '../../worker/simulate/arrivals.ts'
import { distributionOf } from '../../worker/simulate/distribution.ts'
import { DueQueue } from '../../worker/simulate/due-queue.ts'
import { contactOf } from '../../worker/simulate/population.ts'

const draw = (contact: number, name = '') => seededFraction(`${contact}|${name}`)

test('a queue gives whoever is due first, and of those due at once whoever came first', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }))), (moves) => {
      const queue = new DueQueue()
      let model: { at: number; who: number }[] = []
      moves.forEach((at, who) => {
        if (at !== null) {
          queue.put(at, who)
          model.push({ at, who })
          // Stable: what came first stays first.
          model = model.sort((a, b) => a.at - b.at)
        } else {
          const taken = queue.take()
          const expected = model.shift()
          expect(taken && { at: taken.at, who: taken.who }).toEqual(expected)
        }
        expect(queue.nextAt).toBe(model[0]?.at)
        expect(queue.size).toBe(model.length)
      })
    }),
    { numRuns: 300 },
  )
})

test('a distribution is made of numbers that are there', () => {
  expect(distributionOf([])).toBeUndefined()
  expect(distributionOf([7])).toEqual({ min: 7, median: 7, mean: 7, p95: 7, max: 7 })
  expect(distributionOf([4, 1, 3, 2])).toEqual({ min: 1, median: 2, mean: 2.5, p95: 4, max: 4 })
  expect(distributionOf(Array.from({ length: 100 }, (_, n) => 100 - n))).toMatchObject({ median: 50, p95: 95 })
})

describe('contacts come', () => {
  const hour = 3_600_000
  const when = { startAt: 1_000, days: 2, contacts: 4, draw }

  test('all at once, evenly, at given hours, at random', () => {
    expect(arrivalTimes({ pattern: 'at_once' }, when)).toEqual([1_000, 1_000, 1_000, 1_000])
    expect(arrivalTimes({ pattern: 'even' }, when)).toEqual([0, 12, 24, 36].map((n) => 1_000 + n * hour))
    expect(arrivalTimes({ pattern: 'even', days: 1 }, when)).toEqual([0, 6, 12, 18].map((n) => 1_000 + n * hour))
    expect(arrivalTimes({ pattern: 'times', hours: [1, 9] }, when)).toEqual([1, 9, 1, 9].map((n) => 1_000 + n * hour))
    for (const at of arrivalTimes({ pattern: 'random', days: 1 }, { ...when, contacts: 500 })) {
      expect(at).toBeGreaterThanOrEqual(1_000)
      expect(at).toBeLessThan(1_000 + 24 * hour)
    }
  })
})

describe('a contact', () => {
  const of = (
    fields: Record<string, ContactField>,
    contact = 0,
    samples?: Parameters<typeof contactOf>[0]['samples'],
  ) => contactOf({ fields, samples, draw }, contact)

  test('is its sample in turn, with the fields laid over it', () => {
    expect(contactOf({ samples: [{ a: 1 }, 'x'], fields: undefined, draw }, 2)).toEqual({ a: 1 })
    expect(contactOf({ samples: [{ a: 1 }, 'x'], fields: undefined, draw }, 3)).toBe('x')
    const sample = { name: 'Ada', address: { city: 'Bonn' } }
    expect(of({ 'address.zip': { value: 1 }, mail: { text: 'c{n}@x.y' } }, 4, [sample])).toEqual({
      name: 'Ada',
      mail: 'c5@x.y',
      address: { city: 'Bonn', zip: 1 },
    })
    expect(sample).toEqual({ name: 'Ada', address: { city: 'Bonn' } })
    expect(contactOf({ samples: undefined, fields: undefined, draw }, 6)).toEqual({ number: 7 })
  })

  test('J1: fields named like parts of every object are fields', () => {
    const made = of({ 'constructor.prototype.polluted': { value: 1 }, toString: { value: 2 } })
    expect(JSON.stringify(made)).toBe('{"constructor":{"prototype":{"polluted":1}},"toString":2}')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('draws from the distribution it was told', () => {
    const drawn = Array.from({ length: 10_000 }, (_, contact) =>
      of(
        {
          country: {
            pick: [
              { value: 'DE', weight: 3 },
              { value: 'AT', weight: 1 },
            ],
          },
          age: { between: [18, 27], decimals: 0 },
          rate: { between: [0, 1], decimals: 2 },
          vip: { chance: 0.1 },
          since: { instant: ['2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'] },
        },
        contact,
      ),
    ) as { country: string; age: number; rate: number; vip: boolean; since: string }[]
    const part = (holds: (one: (typeof drawn)[number]) => boolean) => drawn.filter(holds).length / drawn.length
    expect(part(({ country }) => country === 'DE')).toBeCloseTo(0.75, 1)
    expect(part(({ vip }) => vip)).toBeCloseTo(0.1, 1)
    for (let age = 18; age <= 27; age++) expect(part((one) => one.age === age)).toBeCloseTo(0.1, 1)
    expect(part(({ age }) => Number.isInteger(age) && age >= 18 && age <= 27)).toBe(1)
    expect(part(({ rate }) => rate >= 0 && rate <= 1 && Math.round(rate * 100) / 100 === rate)).toBe(1)
    expect(part(({ since }) => since.startsWith('2025-'))).toBe(1)
    expect(part(({ since }) => since < '2025-07')).toBeCloseTo(0.5, 1)
  })
})

test('bytes are counted about as JSON has them, and no further than asked', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { length } = JSON.stringify(value)
      expect(approximateBytes(value)).toBeGreaterThanOrEqual(length / 6)
      expect(approximateBytes(value)).toBeLessThanOrEqual(6 * length + 16)
    }),
    { numRuns: 200 },
  )
  expect(
    approximateBytes(
      Array.from({ length: 1e6 }, () => 'x'.repeat(100)),
      1_000,
    ),
  ).toBeLessThan(2e6)
})
