import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf } from '../../worker/lib/address-of.ts'

test.each([
  ['https://leat.example/hooks/abc', '/hooks/abc', ''],
  ['https://leat.example/hooks/abc?a=1&b=/x?y', '/hooks/abc', '?a=1&b=/x?y'],
  ['https://leat.example/hooks/abc?', '/hooks/abc', ''],
  ['http://localhost:8787/#a?b', '/', ''],
  ['http://localhost:8787/a?b#c', '/a', '?b'],
])('%s', (url, path, search) => expect(addressOf(url)).toEqual({ path, search }))

test('an address is what a URL says of it, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
      const { href, pathname, search } = new URL(text)
      expect(addressOf(href)).toEqual({ path: pathname, search })
    }),
    { numRuns: 300 },
  )
})
