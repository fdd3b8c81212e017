import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainBase32, readPlainBase32 } from '../../worker/lib/plain-base32.ts'
import { createVault, VaultError } from '../../worker/vault/index.ts'
import { newTotpSecret, totpCode, totpStepAt, totpStepOf } from '../../worker/vault/totp.ts'

const secret = Uint8Array.from(new TextEncoder().encode('12345678901234567890'))

describe('codes by time', () => {
  // RFC 6238, appendix B, SHA-1: eight digits, of which apps show the last six.
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %i it is %s', async (second, code) => {
    const step = totpStepAt(second * 1_000)
    expect(await totpCode(secret, step, 8)).toBe(code)
    expect(await totpCode(secret, step)).toBe(code.slice(2))
  })

  // RFC 4226, appendix D.
  test.each(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'])(
    'counted, %s comes in its turn',
    async (code) => {
      const all = await Promise.all(Array.from({ length: 10 }, (_, counter) => totpCode(secret, counter)))
      expect(all).toContain(code)
    },
  )

  test('a code is good in its half minute and those beside it, and says which it was', async () => {
    const at = 1_700_000_010_000
    const step = totpStepAt(at)
    const find = async (of: number, after = 0) => totpStepOf(secret, await totpCode(secret, of), { at, after })
    expect(await find(step - 2)).toBe(null)
    expect(await find(step - 1)).toBe(step - 1)
    expect(await find(step)).toBe(step)
    expect(await find(step + 1)).toBe(step + 1)
    expect(await find(step + 2)).toBe(null)
    expect(await find(step, step)).toBe(null)
    expect(await find(step - 1, step)).toBe(null)
    expect(await find(step + 1, step)).toBe(step + 1)
  })

  test('what is no code finds nothing', async () => {
    const when = { at: 59_000, after: 0 }
    for (const text of ['', '12345', '94287082', '28708２', 'abcdef', '-87082']) {
      expect(await totpStepOf(secret, text, when)).toBe(null)
    }
  })
})

describe('base32 as apps read it', () => {
  // RFC 4648, section 10, without padding.
  test.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('“%s” is %s', (plain, encoded) => {
    expect(plainBase32(new TextEncoder().encode(plain))).toBe(encoded)
  })

  test('is read back as it was written, and nothing else is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(readPlainBase32(plainBase32(bytes))).toEqual(Uint8Array.from(bytes))
      }),
      { numRuns: 300 },
    )
    for (const text of ['mzxw6', 'MZXW1', 'MZ XW6', 'MY======']) expect(readPlainBase32(text)).toBe(null)
  })
})

describe('in the vault', () => {
  const vault = createVault({ rootSecret: 'k1:an-old-root-secret-that-is-long-enough-1234' })
  const place = { organizationId: 'people', kind: 'authenticator', id: 'usr_a', field: 'secret' }

  test('L1: a secret is sealed to its person, and is as long as a SHA-1', async () => {
    const { secret: text, sealed } = await vault.newTotp(place)
    expect(readPlainBase32(text)).toHaveLength(20)
    expect(sealed).not.toContain(text)
    const at = 1_700_000_000_000
    const code = await totpCode(readPlainBase32(text)!, totpStepAt(at))
    expect(await vault.findTotpStep(sealed, place, code, { at, after: 0 })).toBe(totpStepAt(at))
    const theirs = { ...place, id: 'usr_b' }
    await expect(vault.findTotpStep(sealed, theirs, code, { at, after: 0 })).rejects.toThrow(VaultError)
  })

  test('no two secrets are the same', () => {
    expect(new Set(Array.from({ length: 100 }, () => plainBase32(newTotpSecret()))).size).toBe(100)
  })
})
