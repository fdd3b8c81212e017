import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cause } from '../../worker/contract/cause.ts'
import { newId } from '../../worker/lib/id.ts'
import { newNonce } from '../../worker/vault/sealed-text.ts'
import { createVault, VaultError, type SecretPlace } from '../../worker/vault/index.ts'

const root = 'the first root secret, 32 bytes or more'
const newer = 'the second root secret, also 32 bytes or more'
const place: SecretPlace = { organizationId: 'org_1', kind: 'hook', id: 'abc', field: 'secret' }
const vault = createVault({ rootSecret: root })

describe('sealing', () => {
  test('gives the secret back, whatever it is, and shows none of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (secret) => {
        const sealed = await vault.seal(secret, place)
        expect(sealed).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]{22,}$/)
        expect(await vault.open(sealed, place)).toBe(secret)
      }),
      { numRuns: 150 },
    )
  })

  test('L1: what is sealed for one place opens at no other', async () => {
    const sealed = await vault.seal('hunter2', place)
    const part = fc.string({ maxLength: 12 })
    const elsewhere = fc.record({ organizationId: part, kind: part, id: part, field: part })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          elsewhere,
          elsewhere.map((other) => ({ ...place, field: other.field })),
        ),
        async (other) => {
          fc.pre(JSON.stringify(other) !== JSON.stringify(place))
          await expect(vault.open(sealed, other)).rejects.toThrow(VaultError)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('L1: two places whose parts run together alike are two places', async () => {
    const sealed = await vault.seal('hunter2', { ...place, kind: 'hook|abc', id: 'x' })
    await expect(vault.open(sealed, { ...place, kind: 'hook', id: 'abc|x' })).rejects.toThrow(VaultError)
  })

  test('L5: no nonce comes twice', async () => {
    // 64 of the 96 bits are enough to tell a million apart, and numbers sort faster than texts.
    const nonces = new BigUint64Array(1_000_000).map(() => new DataView(newNonce().buffer).getBigUint64(0)).sort()
    expect(nonces.some((nonce, index) => nonce === nonces[index - 1])).toBe(false)
    const sealed = await Promise.all(Array.from({ length: 500 }, () => vault.seal('same', place)))
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(500)
    expect(new Set(sealed).size).toBe(500)
  })

  test('L5: a shortened tag, a changed byte and another version are refused', async () => {
    const sealed = await vault.seal('hunter2', place)
    const [version, key, nonce, ciphertext = ''] = sealed.split('.')
    const forms = [
      [version, key, nonce, ciphertext.slice(0, -1)],
      [version, key, nonce, ciphertext.slice(0, -6)],
      [version, key, nonce, ciphertext.slice(0, 10)],
      [version, key, nonce, ''],
      ['v0', key, nonce, ciphertext],
      ['v2', key, nonce, ciphertext],
      [version, 'k0', nonce, ciphertext],
      [version, key, `${nonce}AA`, ciphertext],
      [version, key, 'AAAAAAAAAAAAAAAA', ciphertext],
      [version, key, nonce],
      [key, nonce, ciphertext],
    ]
    for (const form of forms) await expect(vault.open(form.join('.'), place)).rejects.toThrow(VaultError)
    await fc.assert(
      fc.asyncProperty(fc.nat(ciphertext.length - 2), fc.integer({ min: 1, max: 63 }), async (index, shift) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        const changed = alphabet[(alphabet.indexOf(ciphertext[index]!) + shift) % 64]!
        const text = `${version}.${key}.${nonce}.${ciphertext.slice(0, index)}${changed}${ciphertext.slice(index + 1)}`
        await expect(vault.open(text, place)).rejects.toThrow(VaultError)
      }),
      { numRuns: 150 },
    )
  })

  test('a refusal says nothing of the secret or the text', async () => {
    const sealed = await vault.seal('hunter2', place)
    const error: unknown = await vault.open(sealed, { ...place, id: 'other' }).catch((thrown: unknown) => thrown)
    expect(String(error)).not.toContain('hunter2')
    expect(String(error)).not.toContain(sealed.split('.')[3])
  })

  test('another installation opens nothing of ours', async () => {
    const sealed = await vault.seal('hunter2', place)
    await expect(createVault({ rootSecret: newer }).open(sealed, place)).rejects.toThrow(VaultError)
  })
})

describe('rotation of the root secret', () => {
  const rotated = createVault({ rootSecret: `k2=${newer},k1=${root}` })

  test('L4: what was sealed before opens, what is sealed now names the new version', async () => {
    const before = await vault.seal('hunter2', place)
    expect(await rotated.open(before, place)).toBe('hunter2')
    expect(rotated.isOutdated(before)).toBe(true)

    const after = await rotated.seal('hunter2', place)
    expect(after).toMatch(/^v1\.k2\./)
    expect(rotated.isOutdated(after)).toBe(false)
    await expect(vault.open(after, place)).rejects.toThrow(VaultError)
  })

  test('L5: a text cannot be passed off as one of an older version', async () => {
    const after = await rotated.seal('hunter2', place)
    await expect(rotated.open(after.replace('.k2.', '.k1.'), place)).rejects.toThrow(VaultError)
  })

  test('once an old version is no longer given, its texts stay shut', async () => {
    const before = await vault.seal('hunter2', place)
    await expect(createVault({ rootSecret: `k2=${newer}` }).open(before, place)).rejects.toThrow('k1 is not given')
  })

  test('keeps the keys of effects that are under way', async () => {
    const effect = { organizationId: 'org_1', executionId: 'exe_1', generation: 1, path: 'send' }
    expect(await rotated.idempotencyKey(effect)).toBe(await vault.idempotencyKey(effect))
  })
})

describe('F12: the root secret', () => {
  test.each([
    ['nothing', ''],
    ['blanks', '                                        '],
    ['31 bytes', 'x'.repeat(31)],
    ['a short older version', `k2=${newer},k1=short`],
    ['a version twice', `k1=${newer},k1=${root}`],
  ])('%s is refused', (_, rootSecret) => {
    expect(() => createVault({ rootSecret })).toThrow('LEAT_SECRET')
  })

  test('may hold commas and equals signs', async () => {
    const commas = createVault({ rootSecret: 'a secret, with commas, = signs and enough bytes' })
    expect(await commas.open(await commas.seal('x', place), place)).toBe('x')
  })

  test('versions may stand on lines of their own', async () => {
    const lines = createVault({ rootSecret: `k2=${newer}\nk1=${root}\n` })
    expect(await lines.open(await vault.seal('x', place), place)).toBe('x')
  })
})

describe('derived keys', () => {
  test('are those of HKDF-SHA256, made by independent means', async () => {
    const key = Buffer.from(hkdfSync('sha256', root, 'leat', 'leat/v1/hook-sign/', 32))
    const expected = createHmac('sha256', key).update('message').digest('hex')
    const mac = await crypto.subtle.sign(
      'HMAC',
      await vault.deriveKey('hook-sign'),
      new TextEncoder().encode('message'),
    )
    expect(Buffer.from(mac).toString('hex')).toBe(expected)
    expect(await vault.deriveSecret('session')).toBe(
      Buffer.from(hkdfSync('sha256', root, 'leat', 'leat/v1/session/', 32)).toString('base64url'),
    )
  })

  test('E3: one purpose, one key', async () => {
    const signed = async (purpose: 'approval' | 'cause' | 'hook-sign' | 'idempotency') =>
      Buffer.from(await crypto.subtle.sign('HMAC', await vault.deriveKey(purpose), new Uint8Array(1))).toString('hex')
    const macs = await Promise.all((['approval', 'cause', 'hook-sign', 'idempotency'] as const).map(signed))
    expect(new Set(macs).size).toBe(4)
  })

  test('cannot be read out', async () => {
    await expect(crypto.subtle.exportKey('raw', await vault.deriveKey('approval'))).rejects.toThrow(/extractable/)
  })
})

describe('the key an effect is sent under', () => {
  const effect = { organizationId: 'org_1', executionId: 'exe_1', generation: 1, path: 'each[3].send' }

  test('is the same in every process, and another for every other effect', async () => {
    const key = await vault.idempotencyKey(effect)
    // Made once by other means. If this changes, every effect under way would be sent again under another key.
    expect(key).toBe('fx_p099j4rtn15p9smmavjcvrryjbm2qwxv')
    expect(await createVault({ rootSecret: root }).idempotencyKey({ ...effect })).toBe(key)
    const others = await Promise.all([
      vault.idempotencyKey({ ...effect, organizationId: 'org_2' }),
      vault.idempotencyKey({ ...effect, executionId: 'exe_2' }),
      vault.idempotencyKey({ ...effect, generation: 2 }),
      vault.idempotencyKey({ ...effect, path: 'each[4].send' }),
      createVault({ rootSecret: newer }).idempotencyKey(effect),
    ])
    expect(new Set([key, ...others]).size).toBe(6)
  })

  test('has a form that services take which want a UUID', async () => {
    expect(await vault.idempotencyUuid(effect)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(await vault.idempotencyUuid(effect)).toBe(await vault.idempotencyUuid({ ...effect }))
  })
})

describe('the token of a cause', () => {
  const organizationId = newId('organization')
  const workflowId = newId('workflow')
  const cause: Cause = {
    root: newId('event'),
    depth: 2,
    path: [workflowId, newId('workflow')],
    by: { kind: 'execution', executionId: newId('execution'), workflowId, step: 'each[3].call' },
  }
  const now = 1_800_000_000_000
  const claims = { organizationId, cause, issuedAt: now }
  const open = (token: string, at = { organizationId, now }) => vault.openCause(token, at)

  test('gives the cause back, to its organization and for a week, also after the root secret was rotated', async () => {
    const token = await vault.signCause(claims)
    expect(await open(token)).toEqual(cause)
    expect(await open(token, { organizationId: newId('organization'), now })).toBeUndefined()
    expect(await open(token, { organizationId, now: now + 7 * 86_400_000 })).toEqual(cause)
    expect(await open(token, { organizationId, now: now + 7 * 86_400_000 + 1 })).toBeUndefined()
    const rotated = createVault({ rootSecret: `k2=${newer},k1=${root}` })
    expect(await rotated.openCause(token, { organizationId, now })).toEqual(cause)
    expect(await createVault({ rootSecret: newer }).openCause(token, { organizationId, now })).toBeUndefined()
  })

  test('K1: is nothing once any character of it was changed', async () => {
    const token = await vault.signCause(claims)
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'Aa0_-.'), async (at, character) => {
        fc.pre(token[at] !== character)
        expect(await open(token.slice(0, at) + character + token.slice(at + 1))).toBeUndefined()
      }),
      { numRuns: 150 },
    )
  })

  test('E3: of another purpose is nothing, nor is whatever else there is', async () => {
    const approval = { organizationId, approvalId: newId('approval'), email: 'a@example.com', expiresAt: now * 2 }
    expect(await open(await vault.signApproval(approval))).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 300 }), async (text) => {
        expect(await open(text)).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })
})
