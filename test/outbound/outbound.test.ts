// The way out as one isolate has it, before objects that are pure traffic on a virtual clock.

import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { OrganizationId } from '../../worker/contract/id.ts'
import type { Egress } from '../../worker/egress/index.ts'
import { HeldBackError, RetryableError, TerminalError } from '../../worker/lib/step-errors.ts'
import { ask, freshTraffic, hear, viewOf, type Traffic } from '../../worker/outbound/traffic.ts'
import { outboundName } from '../../worker/runtime/names.ts'
import { createOutbound, type Outbound } from '../../worker/runtime/outbound/outbound.ts'
import type { HostRule } from '../../worker/store/outbound.ts'

// What cannot be reached is logged, which is not what is looked at here.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))

const organizationId = 'org_one' as OrganizationId
const other = 'org_other' as OrganizationId

/** Objects, rules and a target that several isolates share. */
class Outside {
  now = 1_000_000
  status = 200
  error: Error | undefined
  isDown = false
  readonly rules = new Map<string, HostRule>()
  readonly traffic = new Map<string, Traffic>()
  readonly turns = new Map<string, number | undefined>()
  asked = 0
  settled = 0
  rulesRead = 0
  served: string[] = []

  isolate(): Outbound {
    return createOutbound({
      now: () => this.now,
      readRules: () => {
        this.rulesRead += 1
        return Promise.resolve(new Map(this.rules))
      },
      ask: (name, given) => {
        this.asked += 1
        if (this.isDown) return Promise.reject(new Error('gone'))
        const key = outboundName(name)
        const at = this.now
        const turn = `${key} ${given.by}`
        const done = ask(this.traffic.get(key) ?? freshTraffic, given, { at, promised: this.turns.get(turn) })
        this.traffic.set(key, done.traffic)
        this.turns.set(turn, done.promised)
        return Promise.resolve({ answer: done.answer, view: viewOf(done.traffic) })
      },
      settle: (name, given) => {
        this.settled += 1
        if (this.isDown) return Promise.reject(new Error('gone'))
        const key = outboundName(name)
        const { traffic } = hear(this.traffic.get(key) ?? freshTraffic, { ...given, at: this.now })
        this.traffic.set(key, traffic)
        return Promise.resolve(viewOf(traffic))
      },
    })
  }

  readonly egress: Egress = ({ url }) => {
    this.served.push(url)
    if (this.error !== undefined) return Promise.reject(this.error)
    return Promise.resolve({ status: this.status, headers: {}, body: new Uint8Array(), url })
  }

  /** What becomes of one call: a status, `held: code until`, or the failure's code. */
  async call(
    isolate: Outbound,
    { url = 'https://api.example.com/orders', by = 'fx_a', as = organizationId, isRepeated = false } = {},
  ) {
    try {
      const { status } = await isolate.send(
        { organizationId: as, by, isRepeated, timeoutMs: 30_000 },
        { request: { url, method: 'POST', headers: {} }, signal: new AbortController().signal, egress: this.egress },
      )
      return status
    } catch (error) {
      if (error instanceof HeldBackError) return { held: error.code, inMs: error.until - this.now, free: error.free }
      return error instanceof RetryableError || error instanceof TerminalError ? error.code : String(error)
    }
  }
}

describe('the way out', () => {
  test('asks nobody about a host that answers, however often it is called', async () => {
    const outside = new Outside()
    const isolate = outside.isolate()
    for (let i = 0; i < 100; i++) expect(await outside.call(isolate)).toBe(200)
    outside.status = 404
    for (let i = 0; i < 100; i++) expect(await outside.call(isolate)).toBe(404)
    expect([outside.asked, outside.settled, outside.rulesRead]).toEqual([0, 0, 1])
  })

  test.each([
    ['a status of 5xx', { status: 503 }],
    ['a host that cannot be reached', { error: new RetryableError('egress.unreachable', '') }],
    ['one that does not answer in time', { error: new RetryableError('egress.timeout', '') }],
  ])('holds calls back after five times %s', async (_, trouble) => {
    const outside = Object.assign(new Outside(), trouble)
    const isolate = outside.isolate()
    for (let i = 0; i < 5; i++) await outside.call(isolate)
    const held = await outside.call(isolate)
    expect(held).toMatchObject({ held: 'outbound.circuit_open', free: false })
    const { inMs } = held as { inMs: number }
    expect(inMs).toBeGreaterThanOrEqual(30_000)
    expect(inMs).toBeLessThanOrEqual(37_500)
    expect(outside.served).toHaveLength(5)
  })

  test.each([
    ['404', { status: 404 }],
    ['429', { status: 429 }],
    ['a refused address', { error: new TerminalError('egress.refused_address', '') }],
  ])('does not count %s', async (_, given) => {
    const outside = Object.assign(new Outside(), given)
    const isolate = outside.isolate()
    for (let i = 0; i < 50; i++) await outside.call(isolate)
    expect(outside.served).toHaveLength(50)
  })

  test('counts failures in a row exactly, although nothing is said of what is answered', async () => {
    const outside = new Outside()
    const isolate = outside.isolate()
    for (let i = 0; i < 60; i++) {
      outside.status = i % 5 === 0 ? 200 : 503
      // Four of five fail, but never five in a row, and too slowly for twenty in a minute.
      expect(await outside.call(isolate)).toBe(outside.status)
      outside.now += 4_000
    }
  })

  test('does not ask within a second of knowing that it is open, and then does', async () => {
    const outside = Object.assign(new Outside(), { status: 500 })
    const isolate = outside.isolate()
    for (let i = 0; i < 5; i++) await outside.call(isolate)
    for (let i = 0; i < 50; i++) await outside.call(isolate)
    expect(outside.asked).toBe(0)
    outside.now += 1_000
    await outside.call(isolate)
    expect(outside.asked).toBe(1)
  })

  test('is found out by another isolate at its own next failure', async () => {
    const outside = Object.assign(new Outside(), { status: 500 })
    const [one, two] = [outside.isolate(), outside.isolate()]
    for (let i = 0; i < 5; i++) await outside.call(one)
    expect(await outside.call(two)).toBe(500)
    expect(await outside.call(two)).toMatchObject({ held: 'outbound.circuit_open' })
  })

  test('is asked by a step that calls again, also where nothing is known', async () => {
    const outside = Object.assign(new Outside(), { status: 500 })
    const one = outside.isolate()
    for (let i = 0; i < 5; i++) await outside.call(one)
    expect(await outside.call(outside.isolate(), { isRepeated: true })).toMatchObject({ held: 'outbound.circuit_open' })
    outside.now += 30_000
    expect(await outside.call(outside.isolate(), { by: 'fx_b', isRepeated: true })).toBe(500)
    expect(await outside.call(outside.isolate(), { isRepeated: true })).toMatchObject({ held: 'outbound.circuit_open' })
    expect(outside.served).toHaveLength(6)
  })

  test('lets one call at a time try, and then all', async () => {
    const outside = Object.assign(new Outside(), { status: 500 })
    const isolate = outside.isolate()
    for (let i = 0; i < 5; i++) await outside.call(isolate)
    Object.assign(outside, { status: 200, now: outside.now + 30_000 })
    let release = () => {}
    const slow: Egress = (request, signal) =>
      new Promise((resolve) => {
        release = () => void outside.egress(request, signal).then(resolve)
      })
    const probe = isolate.send(
      { organizationId, by: 'fx_probe', isRepeated: false, timeoutMs: 30_000 },
      {
        request: { url: 'https://api.example.com/', method: 'GET', headers: {} },
        signal: new AbortController().signal,
        egress: slow,
      },
    )
    await Promise.resolve()
    expect(await outside.call(isolate)).toMatchObject({ held: 'outbound.circuit_open' })
    release()
    await probe
    expect([await outside.call(isolate), await outside.call(isolate)]).toEqual([200, 200])
    const { asked } = outside
    for (let i = 0; i < 10; i++) expect(await outside.call(isolate)).toBe(200)
    expect(outside.asked).toBe(asked)
  })

  test('keeps organizations and hosts apart', async () => {
    const outside = Object.assign(new Outside(), { status: 500 })
    const isolate = outside.isolate()
    for (let i = 0; i < 6; i++) await outside.call(isolate)
    expect(await outside.call(isolate, { as: other })).toBe(500)
    expect(await outside.call(isolate, { url: 'https://other.example.com/' })).toBe(500)
    expect(await outside.call(isolate, { url: 'https://API.example.com:443/else' })).toMatchObject({
      held: 'outbound.circuit_open',
    })
    expect(await outside.call(isolate, { url: 'https://api.example.com:8443/' })).toBe(500)
  })

  test('calls as if nothing were known while what knows cannot be reached', async () => {
    const outside = Object.assign(new Outside(), { status: 500, isDown: true })
    const isolate = outside.isolate()
    for (let i = 0; i < 10; i++) expect(await outside.call(isolate)).toBe(500)
  })

  test('lets a host alone that is excepted from breaking', async () => {
    const outside = Object.assign(new Outside(), { status: 500 })
    outside.rules.set('api.example.com', { limit: null, breaker: false })
    const isolate = outside.isolate()
    for (let i = 0; i < 20; i++) expect(await outside.call(isolate)).toBe(500)
    expect([outside.asked, outside.settled]).toEqual([0, 0])
  })
})

describe('a limit', () => {
  const limited = { limit: { calls: 6, per: 'minute', burst: 2 }, breaker: true } as const

  test('lets calls through in their order, one after the other, whoever comes again', async () => {
    const outside = new Outside()
    outside.rules.set('api.example.com', limited)
    const isolate = outside.isolate()
    const came = []
    for (const by of ['a', 'b', 'c', 'd']) came.push(await outside.call(isolate, { by }))
    expect(came).toEqual([
      200,
      200,
      { held: 'outbound.rate_limited', inMs: 10_000, free: true },
      { held: 'outbound.rate_limited', inMs: 20_000, free: true },
    ])
    outside.now += 10_000
    expect(await outside.call(isolate, { by: 'e' })).toMatchObject({ inMs: 20_000 })
    expect(await outside.call(isolate, { by: 'c' })).toBe(200)
    outside.now += 10_000
    expect(await outside.call(isolate, { by: 'd' })).toBe(200)
  })

  test('for all hosts below a name is one of each of them, and the most specific rule holds', async () => {
    const outside = new Outside()
    outside.rules.set('*.example.com', { limit: { calls: 1, per: 'hour', burst: 1 }, breaker: true })
    outside.rules.set('free.example.com', { limit: null, breaker: true })
    const isolate = outside.isolate()
    const call = (host: string, by: string) => outside.call(isolate, { url: `https://${host}/`, by })
    for (const host of ['a.example.com', 'b.example.com', 'eu.b.example.com']) {
      expect(await call(host, 'one')).toBe(200)
      await call(host, 'two')
      expect(await call(host, 'three')).toMatchObject({ held: 'outbound.rate_limited' })
    }
    for (const host of ['free.example.com', 'example.com', 'other.test']) {
      for (const by of ['one', 'two', 'three']) expect(await call(host, by)).toBe(200)
    }
  })

  test('that is changed holds within ten seconds', async () => {
    const outside = new Outside()
    const isolate = outside.isolate()
    expect(await outside.call(isolate)).toBe(200)
    outside.rules.set('api.example.com', { limit: { calls: 1, per: 'hour', burst: 1 }, breaker: true })
    outside.now += 10_000
    await outside.call(isolate)
    await outside.call(isolate, { by: 'b' })
    expect(await outside.call(isolate, { by: 'c' })).toMatchObject({ held: 'outbound.rate_limited' })
    outside.rules.delete('api.example.com')
    outside.now += 10_000
    await outside.call(isolate, { by: 'd' })
    expect(await outside.call(isolate, { by: 'e' })).toBe(200)
  })

  test('makes calls wait while whoever counts them cannot be reached', async () => {
    const outside = Object.assign(new Outside(), { isDown: true })
    outside.rules.set('api.example.com', limited)
    expect(await outside.call(outside.isolate())).toEqual({ held: 'outbound.rate_limited', inMs: 5_000, free: true })
  })

  test('waits no longer than an hour before it asks again', async () => {
    const outside = new Outside()
    outside.rules.set('api.example.com', { limit: { calls: 1, per: 'hour', burst: 1 }, breaker: true })
    const isolate = outside.isolate()
    for (const by of ['a', 'b', 'c']) await outside.call(isolate, { by })
    expect(await outside.call(isolate, { by: 'd' })).toMatchObject({ inMs: 3_600_000 })
  })

  test('takes no turn of a host that is held back', async () => {
    const outside = Object.assign(new Outside(), { status: 500 })
    outside.rules.set('api.example.com', { limit: { calls: 100, per: 'second', burst: 100 }, breaker: true })
    const isolate = outside.isolate()
    for (let i = 0; i < 5; i++) await outside.call(isolate)
    expect(await outside.call(isolate)).toMatchObject({ held: 'outbound.circuit_open' })
  })
})
