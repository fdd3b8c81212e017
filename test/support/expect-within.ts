// Bounds on work, for machines that have other things to do too. What is measured is the time for which this process
// computed, not the time on the clock: what others do meanwhile counts for nothing. What takes longer than its bound is
// tried again, five times at most, and the shortest counts: the first try is compiled meanwhile, and some collect
// garbage. Such a bound says that work is bounded, not how fast a machine is.

import { expect } from 'vitest'

const tries = 5

/** Expects work to compute for less than a bound. What it throws is thrown. */
export function expectWithin(boundMs: number, work: () => unknown, what = ''): void {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < tries && shortest >= boundMs; attempt++) {
    const before = process.cpuUsage()
    work()
    shortest = Math.min(shortest, computedMs(before))
  }
  expect(shortest, what).toBeLessThan(boundMs)
}

/** The same of work that is waited for. */
export async function expectAnswerWithin(boundMs: number, work: () => Promise<unknown>, what = ''): Promise<void> {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < tries && shortest >= boundMs; attempt++) {
    const before = process.cpuUsage()
    await work()
    shortest = Math.min(shortest, computedMs(before))
  }
  expect(shortest, what).toBeLessThan(boundMs)
}

/** All threads of this process: each test file has one of its own. */
function computedMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
