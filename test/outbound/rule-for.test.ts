import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ruleFor } from '../../worker/outbound/rule-for.ts'

const rules = (...hosts: string[]) => new Map(hosts.map((host) => [host, host]))

describe('the rule of a host', () => {
  test.each([
    ['api.example.com', ['*.example.com'], '*.example.com'],
    ['eu.api.example.com', ['*.example.com'], '*.example.com'],
    ['eu.api.example.com', ['*.example.com', '*.api.example.com'], '*.api.example.com'],
    ['api.example.com', ['*.example.com', 'api.example.com'], 'api.example.com'],
    ['example.com', ['*.example.com'], undefined],
    ['badexample.com', ['*.example.com'], undefined],
    ['api.example.com.evil.test', ['*.example.com'], undefined],
    ['api.example.com:8443', ['*.example.com'], undefined],
    ['api.example.com:8443', ['*.example.com', '*.example.com:8443'], '*.example.com:8443'],
    ['[::1]:9000', ['*.example.com'], undefined],
    ['api.example.com', [], undefined],
  ])('of %s among %j is %s', (host, among, expected) => {
    expect(ruleFor(rules(...among), host)).toBe(expected)
  })

  test('is its own, or else the longest of those that fit', () => {
    const label = fc.constantFrom('a', 'b', 'c')
    const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => [...labels, 'test'].join('.'))
    const pattern = fc.oneof(
      name,
      name.map((rest) => `*.${rest}`),
    )
    fc.assert(
      fc.property(name, fc.array(pattern, { maxLength: 12 }), (host, among) => {
        const fits = among.filter((each) => each === host || (each.startsWith('*.') && host.endsWith(each.slice(1))))
        const [best] = fits.toSorted((one, other) =>
          one === host ? -1 : other === host ? 1 : other.length - one.length,
        )
        expect(ruleFor(rules(...among), host)).toBe(best)
      }),
      { numRuns: 300 },
    )
  })
})
