// Bounds on work, for machines that have other things to do too: what takes longer than its bound is tried again, five
// times at most, and the shortest counts. Such a bound says that work is bounded, not how fast a machine is.

import { expect } from 'vitest'

const tries = 5

/** Expects work to take less than a bound. What it throws is thrown. */
export function expectWithin(boundMs: number, work: () => unknown, what = ''): void {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < tries && shortest >= boundMs; attempt++) {
    const start = performance.now()
    work()
    shortest = Math.min(shortest, performance.now() - start)
  }
  expect(shortest, what).toBeLessThan(boundMs)
}

/** The same of work that is waited for. */
export async function expectAnswerWithin(boundMs: number, work: () => Promise<unknown>, what = ''): Promise<void> {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < tries && shortest >= boundMs; attempt++) {
    const start = performance.now()
    await work()
    shortest = Math.min(shortest, performance.now() - start)
  }
  expect(shortest, what).toBeLessThan(boundMs)
}
