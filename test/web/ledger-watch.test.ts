import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EffectLedger } from '#contract/effect.ts'
import { LedgerWatch } from '#lib/executions/ledger-watch.svelte.ts'
import { newId } from '../../worker/lib/id.ts'

const executionId = newId('execution')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server that takes `ms` for an answer. What it answers is what had moved when it was asked: its `generation`. */
function makeServer(ms: number) {
  const server = {
    moves: 0,
    asked: 0,
    atOnce: 0,
    mostAtOnce: 0,
    fails: false,
    ask: async (): Promise<EffectLedger> => {
      server.asked += 1
      server.atOnce += 1
      server.mostAtOnce = Math.max(server.mostAtOnce, server.atOnce)
      const generation = server.moves
      await new Promise((resolve) => setTimeout(resolve, ms))
      server.atOnce -= 1
      if (server.fails) throw new Error('down')
      return { executionId, generation, effects: [] }
    },
  }
  return server
}

test.each([50, 700, 5_000])(
  'a loop is followed by few questions, and the end is known: answers take %i ms',
  async (ms) => {
    const server = makeServer(ms)
    const watch = new LedgerWatch(server.ask)
    for (let step = 0; step < 150; step++) {
      server.moves += 1
      watch.look()
      await vi.advanceTimersByTimeAsync(80)
    }
    await vi.advanceTimersByTimeAsync(20_000)
    expect(watch.ledger?.generation).toBe(150)
    expect(server.mostAtOnce).toBe(1)
    // 12 seconds of moves, and the last.
    expect(server.asked).toBeLessThanOrEqual(8)
  },
)

test('what moves after a pause is read at once', async () => {
  const server = makeServer(10)
  const watch = new LedgerWatch(server.ask)
  watch.look()
  await vi.advanceTimersByTimeAsync(5_000)
  server.moves = 1
  watch.look()
  await vi.advanceTimersByTimeAsync(10)
  expect(watch.ledger?.generation).toBe(1)
})

test('a reading that fails keeps what was known and says why', async () => {
  const server = makeServer(10)
  const watch = new LedgerWatch(server.ask)
  watch.look()
  await vi.advanceTimersByTimeAsync(10)
  server.fails = true
  watch.look()
  await vi.advanceTimersByTimeAsync(3_000)
  expect([watch.ledger?.generation, watch.error?.message]).toEqual([0, 'down'])
  server.fails = false
  watch.look()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(watch.error).toBeUndefined()
})

test('a watch that is closed asks no more', async () => {
  const server = makeServer(500)
  const watch = new LedgerWatch(server.ask)
  watch.look()
  await vi.advanceTimersByTimeAsync(100)
  watch.look()
  watch.close()
  watch.look()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(server.asked).toBe(1)
})
