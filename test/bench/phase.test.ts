import { expect, test } from 'vitest'
import { onlyPhases, performPhases, type Measurement, type Phase } from '../../scripts/bench/phase.ts'

function measured(rate: number): Measurement {
  return { rate, latencyMs: { p50: 1, p95: 2, p99: 3, max: 4 }, cpuMs: 0.5, errors: {}, samples: {} }
}

/** A phase whose rates are these, one after the other; the first is the warm-up's. */
function phase<Name extends string>(name: Name, rates: number[], against?: Name): Phase<Name> {
  const left = [...rates]
  const measure = async () => measured(left.shift()!)
  return against === undefined ? { name, measure } : { name, measure, against }
}

const course = { rounds: 1, withinMs: Infinity, onMeasured: () => {} }

test('a rate is compared with the references right before and right after it', async () => {
  const ping = phase<'ping' | 'product'>('ping', [1, 1_000, 2_000])
  const results = await performPhases([ping, phase('product', [1, 300], 'ping'), ping], course)
  expect(results.product).toMatchObject({ rate: 300, ratio: 0.2 })
  expect(results.ping).toMatchObject({ rate: 1_500 })
  expect(results.ping).not.toHaveProperty('ratio')
})

test('over several rounds the median counts, of rates and of ratios each', async () => {
  const ping = phase<'ping' | 'product'>('ping', [1, 100, 10, 1_000])
  const product = phase<'ping' | 'product'>('product', [1, 50, 1, 200], 'ping')
  const results = await performPhases([ping, product], { ...course, rounds: 3 })
  // Beside them: 100 and 10, 10 and 1000, 1000 alone.
  expect(results.product?.rate).toBe(50)
  expect(results.product?.ratio).toBe(0.2)
})

test('a round that would not end in time is not begun, but the first one is', async () => {
  const heard: string[] = []
  const slow: Phase<'slow'> = {
    name: 'slow',
    async measure() {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return measured(1)
    },
  }
  await performPhases([slow], { rounds: 50, withinMs: 70, onMeasured: (name) => heard.push(name) })
  expect(heard.length).toBeGreaterThanOrEqual(1)
  expect(heard.length).toBeLessThan(4)
})

test('a choice of phases keeps their references, and none twice in a row', () => {
  const ping = phase<'ping' | 'a' | 'b' | 'bare' | 'c'>('ping', [])
  const bare = phase<'ping' | 'a' | 'b' | 'bare' | 'c'>('bare', [])
  const all = [ping, phase('a', [], 'ping'), ping, phase('b', [], 'ping'), ping, bare, phase('c', [], 'bare'), bare]
  const names = (...wanted: string[]) => onlyPhases(all, wanted).map(({ name }) => name)
  expect(names('b')).toEqual(['ping', 'b', 'ping'])
  expect(names('a', 'c')).toEqual(['ping', 'a', 'ping', 'bare', 'c', 'bare'])
  expect(names('ping')).toEqual([])
})
