import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAddress, parseAllowList, type AddressPolicy } from '../../worker/egress/address.ts'
import { maskUrl } from '../../worker/egress/mask-url.ts'
import { TerminalError } from '../../worker/lib/step-errors.ts'

const policy: AddressPolicy = {
  allow: parseAllowList(['127.0.0.1:9001', 'localhost:9002', '[::1]:9003', 'billing.internal:443']),
  ownHosts: ['leat.example.org', 'leat.acme.workers.dev:443'],
}

/** The code an address is refused with, or `open`. */
function verdict(address: string): string {
  try {
    checkAddress(address, policy)
    return 'open'
  } catch (error) {
    if (error instanceof TerminalError) return error.code
    throw error
  }
}

const refused = 'egress.refused_address'

describe('C1: no IP literal is ever called', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '8.8.8.8',
    '[::1]',
    '[fc00::1]',
    '[fd12::1]',
    '[fe80::1]',
    '[ff02::1]',
    '[::]',
    '[2606:4700::1111]',
  ])('%s', (host) => {
    expect(verdict(`https://${host}/`)).toBe(refused)
    expect(verdict(`http://${host}:8080/latest/meta-data`)).toBe(refused)
  })

  test('whatever the four numbers are', () => {
    const part = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), (parts) => {
        expect(verdict(`https://${parts.join('.')}/`)).toBe(refused)
      }),
      { numRuns: 300 },
    )
  })
})

describe('C2: an IPv4 address inside an IPv6 one is an IP literal too', () => {
  test.each([
    ['mapped', '[::ffff:169.254.169.254]'],
    ['mapped, in hexadecimal', '[::ffff:a9fe:a9fe]'],
    ['compatible', '[::127.0.0.1]'],
    ['NAT64', '[64:ff9b::a9fe:a9fe]'],
    ['6to4', '[2002:7f00:1::]'],
    ['Teredo', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]'],
  ])('%s', (_, host) => {
    expect(verdict(`https://${host}/`)).toBe(refused)
  })
})

describe('C3: an IP literal is known in every spelling', () => {
  test.each([
    ['decimal', '2130706433'],
    ['hexadecimal', '0x7f000001'],
    ['octal', '0177.0.0.1'],
    ['hexadecimal parts', '0x7f.0x0.0x0.0x1'],
    ['short', '127.1'],
    ['with a final dot', '127.0.0.1.'],
    ['full-width digits', '１２７.０.０.１'],
    ['ideographic full stops', '127。0。0。1'],
    ['percent-encoded', '%31%32%37.0.0.1'],
    ['circled digits', '①②⑦.⓪.⓪.①'],
    ['too large to be one, yet a number', '99999999999.1'],
    ['a name that ends in a number', 'example.127'],
  ])('%s', (_, host) => {
    expect(['egress.invalid_url', refused]).toContain(verdict(`https://${host}/`))
  })

  test('decimal spellings of every address are refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (number) => {
        expect(verdict(`https://${number}/`)).toBe(refused)
        expect(verdict(`https://0x${number.toString(16)}/`)).toBe(refused)
        expect(verdict(`https://0${number.toString(8)}/`)).toBe(refused)
      }),
      { numRuns: 200 },
    )
  })
})

describe('C7: names that are not the public internet, and our own control plane', () => {
  test.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'api.localhost',
    'printer',
    'metadata',
    'nas.local',
    'vault.internal',
    'metadata.google.internal',
    'router.home.arpa',
    '1.0.0.127.in-addr.arpa',
    'wiki.corp',
    'tv.lan',
    'x.onion',
    'metadata.azure.com',
    'api.cloudflare.com',
    'abc.r2.cloudflarestorage.com',
    '127.0.0.1.nip.io',
    'localtest.me',
    'a.lvh.me',
    'leat.example.org',
    'LEAT.example.org.',
    'hooks.leat.example.org',
    'leat.acme.workers.dev',
    'other.acme.workers.dev',
    'a..b.com',
  ])('%s', (host) => {
    expect(['egress.invalid_url', refused]).toContain(verdict(`https://${host}/`))
  })

  test.each([
    'api.example.com',
    'internal.example.com',
    'local.dev',
    'x.other.workers.dev',
    'example.org',
    'xn--mnchen-3ya.de',
    'münchen.de',
  ])('%s is public', (host) => {
    expect(verdict(`https://${host}/path?q=1#f`)).toBe('open')
  })
})

describe('C9: scheme, user name and port', () => {
  test.each([
    'file:///etc/passwd',
    'gopher://api.example.com/',
    'data:text/plain,x',
    'ftp://api.example.com/',
    'javascript:alert(1)',
    'ws://api.example.com/',
    'blob:https://api.example.com/1',
    'http://user@api.example.com/',
    'https://user:word@api.example.com/',
    'https://:word@api.example.com/',
    'https://api.example.com:22/',
    'https://api.example.com:25/',
    'https://api.example.com:6379/',
    'https://api.example.com:80/',
    'http://api.example.com:443/',
    'http://api.example.com:8443/',
    'http://api.example.com:3000/',
  ])('%s is refused', (address) => {
    expect(verdict(address)).toBe(refused)
  })

  test.each([
    'https://api.example.com/',
    'https://api.example.com:8443/',
    'http://api.example.com/',
    'http://api.example.com:8080/',
  ])('%s is open', (address) => {
    expect(verdict(address)).toBe('open')
  })

  test.each(['', 'api.example.com', '//api.example.com/', 'https://', 'not an address', '/etc/passwd'])(
    '"%s" is no address',
    (address) => {
      expect(verdict(address)).toBe('egress.invalid_url')
    },
  )
})

describe('the allow list', () => {
  test('opens exactly the host and port it names, for both schemes', () => {
    expect(verdict('http://127.0.0.1:9001/')).toBe('open')
    expect(verdict('https://127.0.0.1:9001/')).toBe('open')
    expect(verdict('http://2130706433:9001/')).toBe('open')
    expect(verdict('http://localhost:9002/')).toBe('open')
    expect(verdict('http://[::1]:9003/')).toBe('open')
    expect(verdict('https://billing.internal/')).toBe('open')
  })

  test('opens nothing beside it', () => {
    expect(verdict('http://127.0.0.1:9002/')).toBe(refused)
    expect(verdict('http://127.0.0.2:9001/')).toBe(refused)
    expect(verdict('http://localhost:9001/')).toBe(refused)
    expect(verdict('http://a.localhost:9002/')).toBe(refused)
    expect(verdict('http://billing.internal/')).toBe(refused)
    expect(verdict('http://user:word@127.0.0.1:9001/')).toBe(refused)
    expect(verdict('ftp://127.0.0.1:9001/')).toBe(refused)
  })

  test.each(['localhost', '127.0.0.1', 'http://localhost:1', 'localhost:1/path', 'a b:1', 'localhost:99999', '*:80 x'])(
    'refuses to start with "%s"',
    (entry) => {
      expect(() => parseAllowList([entry])).toThrow('is not host:port')
    },
  )

  test('passes over blanks', () => {
    expect([...parseAllowList(['', ' localhost:80 '])]).toEqual(['localhost:80'])
  })
})

test('C14: an address in an error shows no secret of its query', () => {
  const url = new URL(
    'https://u:p@api.example.com/v1?api_key=abc&page=2&sig=xyz&long=0123456789012345678901234567890123#frag',
  )
  expect(maskUrl(url)).toBe('https://api.example.com/v1?api_key=***&page=2&sig=***&long=***')
})

test('a refusal of the machine’s own address says how to open it, and of any other does not', () => {
  const said = (address: string) => {
    try {
      return String(checkAddress(address, policy))
    } catch (error) {
      return error instanceof TerminalError ? error.message : String(error)
    }
  }
  const open = 'On a machine of your own, start Leat with LEAT_EGRESS_ALLOW='
  expect(said('http://localhost:3000/orders')).toContain(`${open}localhost:3000 to open it.`)
  expect(said('https://127.0.0.1/')).toContain(`${open}127.0.0.1:443 to open it.`)
  for (const other of [
    'http://169.254.169.254/',
    'http://10.0.0.5/',
    'http://db.internal/',
    'http://example.com:9000/',
  ]) {
    expect(said(other)).not.toContain('LEAT_EGRESS_ALLOW')
  }
})
