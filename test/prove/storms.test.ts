// The judges of the storms, with evidence that is wrong in each way that they must find.

import { describe, expect, test } from 'vitest'
import { judgeDatabase, type Asked, type Try } from '../../scripts/prove/database/judge-database.ts'
import { drawPhases } from '../../scripts/prove/database/phases.ts'
import { judgeDuplicates } from '../../scripts/prove/duplicates/judge-duplicates.ts'
import { judgeOutage, mostWhileOpen } from '../../scripts/prove/outage/judge-outage.ts'
import { createRandom } from '../../scripts/prove/kill/random.ts'
import type { SeenExecution } from '../../scripts/prove/kill/evidence.ts'
import type { SinkCall } from '../../scripts/prove/sink/ledger.ts'
import { countCalled, judgeTimers } from '../../scripts/prove/timers/judge-timers.ts'

let number = 0
function call(event: string, at: number, status: number | 'dropped' = 200): SinkCall {
  number += 1
  const end =
    status === 'dropped' ? { at: at + 5, kind: 'dropped' as const } : { at: at + 5, kind: 'answered' as const, status }
  return { number, at, method: 'POST', address: '/ok', key: 'fx_1', body: { event, step: 'call' }, end }
}

describe('timers', () => {
  const waves = [{ due: 10_000, events: ['a', 'b'] }]
  const execution = (event: string, finishedAt?: number): SeenExecution => ({
    id: `exe_${event}`,
    program: 'sleeper',
    event,
    status: 'completed',
    listedStatus: 'completed',
    steps: [{ path: 'pause', status: 'completed', attempt: 1, ...(finishedAt !== undefined && { finishedAt }) }],
  })
  const punctual = [execution('a', 10_000), execution('b', 10_000)]
  const judged = (calls: SinkCall[], executions = punctual) => judgeTimers(waves, { calls, executions, step: 'pause' })
  const oracles = (...seen: Parameters<typeof judged>) =>
    judged(...seen).violations.map(({ oracle, event }) => oracle + event)

  test('that ring at their time or later are right, and their lateness is told', () => {
    const { violations, waves: figures } = judged(
      [call('a', 10_020), call('b', 10_300)],
      [execution('a', 10_000), execution('b', 10_100)],
    )
    expect(violations).toEqual([])
    expect(figures).toEqual([
      {
        timers: 2,
        lateMs: { p50: 100, p95: 100, p99: 100, max: 100 },
        callLateMs: { p50: 300, p95: 300, p99: 300, max: 300 },
      },
    ])
  })

  test('that ring too early are found, also where a later call was punctual', () => {
    expect(oracles([call('a', 9_999), call('a', 10_100), call('b', 10_100)])).toEqual(['I7a'])
  })

  test('that never ring are found', () => {
    expect(oracles([call('b', 10_000)])).toEqual(['I7a'])
    expect(oracles([call('a', 10_000), call('b', 10_000)], [execution('a', 10_000), execution('b')])).toEqual(['I7b'])
  })

  test('that went on too early by their journal are found, whenever their call came', () => {
    const early = [execution('a', 9_999), execution('b', 10_000)]
    expect(oracles([call('a', 10_000), call('b', 10_000)], early)).toEqual(['I7a'])
  })

  test('count once, however often they called', () => {
    const calls = [call('a', 10_000), call('a', 10_010), call('c', 10_010)]
    expect(countCalled(new Set(['a', 'b']), calls)).toBe(1)
  })
})

describe('calls to a target that is down', () => {
  const policy = { maxRetries: 3, delayMs: 1_000, factor: 2, maxDelayMs: 3_000 }
  const judged = (calls: SinkCall[]) => judgeOutage(calls, policy, { from: 0, to: 60_000 })
  const right = [call('a', 0, 'dropped'), call('a', 1_005, 503), call('a', 3_020, 503), call('a', 61_000)]

  test('that keep their distance and work in the end are right, and counted', () => {
    expect(judged(right)).toEqual({
      violations: [],
      figures: { whileDown: 3, whileOpen: 0, per30s: [3, 0], mostTries: 4, recoveredMs: 1_005 },
    })
  })

  test('R12: are counted where a breaker would have held them back, and are more than its probes without one', () => {
    const failing = (at: number) => call(`at ${at}`, at, 503)
    const first = [0, 10, 20, 30, 40].map(failing)
    // Those under way when the fifth fails, and a probe half a minute later.
    const held = judged([...first, failing(50), failing(4_000), failing(30_100)])
    expect(held.figures).toMatchObject({ whileDown: 8, whileOpen: 1 })
    expect(held.figures.whileOpen).toBeLessThanOrEqual(mostWhileOpen(60_000))
    const free = judged([...first, ...Array.from({ length: 20 }, (_, index) => failing(6_000 + 1_000 * index))])
    expect(free.figures.whileOpen).toBeGreaterThan(mostWhileOpen(60_000))
  })

  test('that come too soon are found', () => {
    const hasty = [call('a', 0, 503), call('a', 1_005, 503), call('a', 3_004)]
    expect(judged(hasty).violations).toEqual([
      { oracle: 'I14', event: 'a', what: 'was tried again after 1994 ms instead of 2000' },
    ])
  })

  test('that are made too often are found', () => {
    expect(judged([...right, call('a', 70_000)]).violations.map(({ what }) => what)).toEqual(['was tried 5 times'])
  })

  test('that never work are found', () => {
    expect(judged([call('a', 0, 503)]).violations.map(({ what }) => what)).toEqual(['never worked'])
  })
})

describe('deliveries of one event', () => {
  const told = (event: string, executionIds: string[]) => ({ event, at: 0, executionIds })

  test('may be answered in any order of executions', () => {
    expect(judgeDuplicates([told('a', ['x', 'y']), told('a', ['y', 'x']), told('b', ['z'])])).toEqual([])
  })

  test('that are answered with different executions are found', () => {
    expect(judgeDuplicates([told('a', ['x']), told('b', ['x']), told('a', ['y'])])).toMatchObject([{ event: 'a' }])
  })
})

test('databases fail for as long as they are to, in several ways, and for a part of it altogether', () => {
  const drawn = Array.from({ length: 100 }, (_, seed) => drawPhases(createRandom(seed), 60_000, 4))
  for (const phases of drawn) {
    expect(phases.map(({ how }) => how).toSorted()).toEqual(['all', 'half', 'reads', 'slow', 'writes'])
    expect(phases.reduce((sum, { ms }) => sum + ms, 0)).toBe(60_000)
    expect(phases.find(({ how }) => how === 'all')?.databases).toEqual(['DB', 'LOGS'])
  }
  const alone = drawn.flat().filter(({ databases }) => databases.length === 1)
  expect(new Set(alone.map(({ how, databases: [name] }) => `${how} ${name}`)).size).toBe(8)
})

describe('answers while the databases are down', () => {
  const down = { from: 1_000, to: 2_000 }
  const typed = { status: 503, code: 'service.unavailable', hasRetryAfter: true }
  const ask = (change: Partial<Asked>): Asked => ({ what: '/me', at: 1_500, ...typed, ...change })
  const judged = (asked: Asked[], { hooks = [], events = [] }: { hooks?: Try[]; events?: Try[] } = {}) =>
    judgeDatabase(asked, { hooks, events }, down)
  const oracles = (...evidence: Parameters<typeof judged>) => judged(...evidence).violations.map(({ oracle }) => oracle)

  test('may be right, or say when to come again', () => {
    expect(oracles([ask({}), ask({ status: 200, code: '', hasRetryAfter: false })])).toEqual([])
  })

  test.each([
    ['another status', ask({ status: 500, code: 'internal' })],
    ['another code', ask({ code: 'internal' })],
    ['no time', ask({ hasRetryAfter: false })],
    ['the same after the databases are back', ask({ at: 2_000 })],
  ])('are found where they have %s', (_, asked) => expect(oracles([asked])).toEqual(['D1']))

  test('to webhooks are acknowledgements, and any other is found', () => {
    const hooks = [
      { event: 'a', at: 1_500 },
      { event: 'b', at: 1_600, refusal: '503 service.unavailable' },
    ]
    expect(oracles([], { hooks })).toEqual(['D2'])
    expect(judged([], { hooks }).figures.webhooksAcknowledgedWhileDown).toBe(1)
  })

  test('to events for the API may be to come again, and any other is found', () => {
    const events = [
      { event: 'a', at: 1_500, refusal: '503 service.unavailable' },
      { event: 'a', at: 2_500 },
      { event: 'b', at: 1_600, refusal: '500 internal' },
    ]
    expect(oracles([], { events })).toEqual(['D1'])
    expect(judged([], { events }).figures.eventsPutOff).toBe(2)
  })
})
