import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate, failureOf, now, scopeOf, waitMs } from './support.ts'

const isOver = (amount: number) => ({
  operator: 'AND',
  conditions: [{ field: 'trigger.body.total', operator: '>', value: amount }],
})

describe('triggers', () => {
  test.each(['trigger.webhook', 'trigger.manual', 'trigger.event'])('%s gives what started the execution', (type) => {
    const scope = scopeOf({ body: { total: 1 } })
    expect(evaluate(type, {}, scope)).toEqual({ output: scope.trigger, port: 'out' })
  })
})

describe('flow.if', () => {
  test('goes one way or the other, and says why', () => {
    const params = { conditions: isOver(100) }
    expect(evaluate('flow.if', params, scopeOf({ body: { total: 120 } }))).toMatchObject({
      port: 'true',
      output: { result: true },
      because: [{ field: 'trigger.body.total', operator: '>', actual: 120, expected: 100, result: true }],
    })
    expect(evaluate('flow.if', params, scopeOf({ body: {} }))).toMatchObject({
      port: 'false',
      because: [{ actual: null, found: false, result: false }],
    })
  })

  test('evaluates expressions on both sides', () => {
    const conditions = {
      operator: 'OR',
      conditions: [{ field: '{{ trigger.body.a + 1 }}', operator: '==', value: '{{ vars.limit }}' }],
    }
    expect(evaluate('flow.if', { conditions }, scopeOf({ body: { a: 4 }, vars: { limit: 5 } })).port).toBe('true')
  })

  test('agrees with the comparison it makes, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (total, amount) => {
        const { port } = evaluate('flow.if', { conditions: isOver(amount) }, scopeOf({ body: { total } }))
        expect(port).toBe(String(total > amount))
      }),
      { numRuns: 200 },
    )
  })

  test('fails in words when its conditions are none', () => {
    expect(failureOf(() => evaluate('flow.if', {}))).toMatchObject({
      code: 'params.invalid',
      details: { param: 'conditions' },
    })
  })
})

describe('flow.filter', () => {
  test('lets through what meets its conditions, and ends the branch otherwise', () => {
    const params = { conditions: isOver(100) }
    expect(evaluate('flow.filter', params, scopeOf({ body: { total: 120 } }))).toMatchObject({
      port: 'out',
      output: { passed: true },
    })
    expect(evaluate('flow.filter', params, scopeOf({ body: { total: 1 } }))).toMatchObject({
      port: 'filtered',
      output: { passed: false },
    })
  })
})

describe('flow.switch', () => {
  const params = {
    value: 'trigger.headers.x-github-event',
    cases: [
      { port: 'push', label: 'Push', equals: 'push' },
      {
        port: 'opened',
        equals: 'pull_request',
        conditions: {
          operator: 'AND',
          conditions: [{ field: 'trigger.body.action', operator: '==', value: 'opened' }],
        },
      },
      { port: 'pr', equals: 'pull_request' },
      { port: 'nothing' },
      { port: 'large', conditions: isOver(10) },
    ],
  }
  const on = (event: string, body: Parameters<typeof scopeOf>[0] = {}) =>
    evaluate(
      'flow.switch',
      params,
      scopeOf({ trigger: { headers: { 'x-github-event': event }, body: body.body ?? {} } }),
    )

  test('takes the first case that fits: by value, by conditions, or by both', () => {
    expect(on('push')).toMatchObject({ port: 'push', output: { case: 'push' } })
    expect(on('pull_request', { body: { action: 'opened' } })).toMatchObject({ port: 'opened' })
    expect(on('pull_request', { body: { action: 'closed' } })).toMatchObject({ port: 'pr' })
    expect(on('issues', { body: { total: 11 } })).toMatchObject({ port: 'large', because: [{ actual: 11 }] })
  })

  test('goes the way for everything else, and never into a case that says nothing', () => {
    expect(on('issues')).toMatchObject({ port: 'default', output: { case: 'default' } })
    expect(evaluate('flow.switch', { cases: [] })).toEqual({ port: 'default', output: { case: 'default' } })
  })

  test('compares with what an expression gives', () => {
    const scope = scopeOf({ body: { tier: 'gold' }, vars: { best: 'gold' } })
    const cases = [
      { port: 'a', equals: 'silver' },
      { port: 'b', equals: '{{ vars.best }}' },
    ]
    expect(evaluate('flow.switch', { value: '{{ trigger.body.tier }}', cases }, scope).port).toBe('b')
  })

  test('finds the right one of many', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ port: `p${index}`, equals: index }))
    fc.assert(
      fc.property(fc.nat(150), (value) => {
        const { port } = evaluate(
          'flow.switch',
          { value: 'trigger.body.n', cases: many },
          scopeOf({ body: { n: value } }),
        )
        expect(port).toBe(value < 100 ? `p${value}` : 'default')
      }),
    )
  })

  test('fails in words when its cases are none', () => {
    expect(failureOf(() => evaluate('flow.switch', { cases: [{ port: 'error', equals: 1 }] }))).toMatchObject({
      code: 'params.invalid',
      details: { param: 'cases.0.port' },
    })
  })
})

describe('flow.wait', () => {
  test.each([
    ['90', 90_000],
    ['30 minutes', 1_800_000],
    ['1h 30m', 5_400_000],
    ['P1D', 86_400_000],
    ['{{ trigger.body.days }} days', 172_800_000],
    ['{{ trigger.body.days * 10 }}', 20_000],
    ['0', 0],
  ])('for %s', (duration, ms) => {
    expect(waitMs({ duration }, scopeOf({ body: { days: 2 } }))).toBe(ms)
  })

  test.each([
    ['2026-06-02T12:00:00Z', undefined, 86_400_000],
    ['2026-06-01T12:00:00', 'Europe/Berlin', -7_200_000],
    ['2026-06-01', 'America/New_York', -28_800_000],
    ['2026-06-01 14:30 +02:00', 'America/New_York', 1_800_000],
    [String(now + 5_000), undefined, 5_000],
    [String(now / 1_000 + 60), undefined, 60_000],
    ['{{ trigger.body.at }}', undefined, 3_600_000],
    ['{{ now.plus(1, "hour") }}', undefined, 3_600_000],
  ])('until %s in %s', (until, timeZone, ms) => {
    const params = { mode: 'until', until, ...(timeZone === undefined ? {} : { timeZone }) }
    expect(waitMs(params, scopeOf({ body: { at: '2026-06-01T13:00:00Z' } }))).toBe(ms)
  })

  test.each([
    [{ duration: 'a while' }, 'duration'],
    [{ duration: '' }, 'duration'],
    [{ duration: '-5' }, 'duration'],
    [{ duration: '366 days' }, 'duration'],
    [{ duration: '{{ null }}' }, 'duration'],
    [{ mode: 'until', until: 'tomorrow' }, 'until'],
    [{ mode: 'until', until: '2026-02-30' }, 'until'],
    [{ mode: 'until', until: '2026-06-02', timeZone: 'Mars/Olympus' }, 'until'],
    [{ mode: 'until', until: '2030-01-01' }, 'until'],
  ])('%j is refused by name', (params, param) => {
    expect(failureOf(() => waitMs(params))).toMatchObject({
      kind: 'terminal',
      code: 'params.invalid',
      details: { param },
    })
  })
})

describe('flow.end', () => {
  test('ends with a status, an output and a reason', () => {
    const scope = scopeOf({ body: { id: 7 } })
    expect(evaluate('flow.end', {}, scope)).toEqual({ output: null, port: 'end', end: { status: 'completed' } })
    const params = {
      status: 'failed',
      output: { id: '{{ trigger.body.id }}' },
      reason: 'Order {{ trigger.body.id }} is empty',
    }
    expect(evaluate('flow.end', params, scope)).toEqual({
      output: { id: 7 },
      port: 'end',
      end: { status: 'failed', reason: 'Order 7 is empty' },
    })
  })
})

describe('webhook.respond', () => {
  test('records the answer and goes on', () => {
    const params = {
      status: '{{ 200 + 1 }}',
      headers: { 'X-Order': '{{ trigger.body.id }}' },
      body: { ok: true, id: '{{ trigger.body.id }}' },
    }
    expect(evaluate('webhook.respond', params, scopeOf({ body: { id: 7 } }))).toEqual({
      output: { status: 201 },
      port: 'out',
      response: { status: 201, headers: { 'x-order': '7' }, body: { ok: true, id: 7 } },
    })
    expect(evaluate('webhook.respond', {}).response).toEqual({ status: 200, headers: {}, body: null })
  })

  test.each([
    [{ status: 99 }, 'status'],
    [{ status: 'teapot' }, 'status'],
    [{ headers: { 'bad name': 'x' } }, 'headers'],
  ])('%j is refused by name', (params, param) => {
    expect(failureOf(() => evaluate('webhook.respond', params))).toMatchObject({
      code: 'params.invalid',
      details: { param: expect.stringContaining(param) as string },
    })
  })
})

test('a type that does not exist fails in words', () => {
  expect(failureOf(() => evaluate('flow.teleport', {}))).toMatchObject({ code: 'node.unknown_type' })
})
