import { describe, expect, test } from 'vitest'
import { formOf, ruleOf, ruleProblems, ruleWords } from '#lib/outbound/rule-form.ts'

const rule = {
  host: 'api.example.com',
  limit: { calls: 1_200, per: 'minute', burst: 10 },
  breaker: true,
  updatedAt: '2026-11-21T12:00:00.000Z',
} as const

describe('a rule for a host', () => {
  test('comes out of its form as it went in', () => {
    expect(ruleOf(formOf(rule))).toEqual({ host: rule.host, limit: rule.limit, breaker: true })
    const free = { ...rule, limit: null, breaker: false }
    expect(ruleOf(formOf(free))).toEqual({ host: rule.host, limit: null, breaker: false })
  })

  test('is not saved with figures that are none', () => {
    const form = { ...formOf(undefined), calls: '0', burst: 'many' }
    expect(Object.keys(ruleProblems(form))).toEqual(['host', 'calls', 'burst'])
    expect(ruleProblems({ ...form, host: 'a.example', isLimited: false })).toEqual({})
    expect(ruleProblems(formOf(rule))).toEqual({})
    for (const host of ['*.com', 'api.*.example.com', 'a b']) {
      expect(Object.keys(ruleProblems({ ...formOf(rule), host }))).toEqual(['host'])
    }
  })

  test('says what it means', () => {
    expect(ruleWords(rule)).toBe('1,200 calls per minute, 10 at once')
    expect(ruleWords({ host: 'a.example', limit: { calls: 1, per: 'second', burst: 1 }, breaker: false })).toBe(
      '1 call per second, 1 at once · called however often it fails',
    )
    const wide = { host: '*.example.com', limit: { calls: 1, per: 'second', burst: 1 }, breaker: true } as const
    expect(ruleWords(wide)).toBe('1 call per second, 1 at once, for each host')
    expect(ruleWords({ host: 'a.example', limit: null, breaker: true })).toBe('As fast as steps come')
  })
})
