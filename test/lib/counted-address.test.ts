import { expect, test } from 'vitest'
import { countedAddress } from '../../worker/lib/counted-address.ts'

test('F7: an address is counted as the nearest proxy says it', () => {
  const cases: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['203.0.113.7:51514', '203.0.113.7'],
    // What stands before was said by the caller.
    ['10.9.8.7, 203.0.113.7', '203.0.113.7'],
    ['10.9.8.7,', undefined],
    ['unknown', 'unknown'],
  ]
  for (const [header, counted] of cases) expect(countedAddress(header), header).toBe(counted)
})

test('F7: whoever has a line of IPv6 cannot count as another with each of its addresses', () => {
  const one = [
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff:ffff:ffff:ffff',
    '[2001:db8:1:2:3::]:443',
    '2001:0db8:0001:0002::9%eth0',
  ]
  expect(new Set(one.map((text) => countedAddress(text)))).toEqual(new Set(['2001:db8:1:2::/64']))
  expect(countedAddress('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64')
  expect(countedAddress('::1')).toBe('0:0:0:0::/64')
  expect(countedAddress('fe80::')).toBe('fe80:0:0:0::/64')
})

test('an IPv4 address is the same one in the clothes of IPv6', () => {
  for (const text of ['::ffff:203.0.113.7', '::FFFF:cb00:7107', '[::ffff:203.0.113.7]:443'])
    expect(countedAddress(text), text).toBe('203.0.113.7')
})
