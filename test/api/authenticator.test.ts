import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { readPlainBase32 } from '../../worker/lib/plain-base32.ts'
import { totpCode, totpStepAt } from '../../worker/vault/totp.ts'
import { makeApi, password, type Member } from '../support/api.ts'
import { makeKey } from '../support/people.ts'

let time = Date.parse('2026-11-21T10:00:00Z')
const api = makeApi({ now: () => new Date(time) })
const path = '/api/v2/me/authenticator'
const halfMinute = 30_000

const post = (as: Pick<Member, 'cookie'>, rest: string, body: object) =>
  api.send('POST', `${path}${rest}`, { as, body })
const codeOf = (secret: string, at = time) => totpCode(readPlainBase32(secret)!, totpStepAt(at))

/** A member whose app is in use. The clock has gone on since, so that its code is a new one. */
async function withApp(): Promise<{ ada: Member; secret: string; recoveryCodes: string[] }> {
  const ada = await api.signUp()
  const { secret } = (await post(ada, '', { password })).data
  const { recoveryCodes } = (await post(ada, '/confirm', { code: await codeOf(secret) })).data
  time += halfMinute
  return { ada, secret, recoveryCodes }
}

const remove = (as: Member, code: string, given = password) => post(as, '/remove', { password: given, code })

test('a person adds an app by their password and its first code, sees that it is there, and removes it', async () => {
  const ada = await api.signUp()
  expect((await api.send('GET', path, { as: ada })).data).toEqual({ isActive: false, recoveryCodesLeft: 0 })
  expect((await post(ada, '', { password: 'not the password' })).error.code).toBe('authenticator.wrong_password')
  expect((await post(ada, '/confirm', { code: '123456' })).error.code).toBe('authenticator.missing')

  const begun = await post(ada, '', { password })
  expect(begun.headers.get('cache-control')).toContain('no-store')
  const { secret, uri } = begun.data
  expect(uri).toBe(
    `otpauth://totp/Leat:${encodeURIComponent(ada.email)}?secret=${secret}&issuer=Leat&algorithm=SHA1&digits=6&period=30`,
  )
  expect((await api.send('GET', path, { as: ada })).data.isActive).toBe(false)
  const wrong = (await codeOf(secret)) === '000000' ? '000001' : '000000'
  expect((await post(ada, '/confirm', { code: wrong })).error.code).toBe('authenticator.wrong_code')

  const confirmed = await post(ada, '/confirm', { code: await codeOf(secret) })
  expect(new Set(confirmed.data.recoveryCodes).size).toBe(10)
  expect((await api.send('GET', path, { as: ada })).data).toEqual({
    isActive: true,
    since: new Date(time).toISOString(),
    recoveryCodesLeft: 10,
  })
  expect((await post(ada, '', { password })).error.code).toBe('authenticator.exists')
  expect((await post(ada, '/confirm', { code: await codeOf(secret) })).error.code).toBe('authenticator.exists')

  time += halfMinute
  expect((await remove(ada, await codeOf(secret), 'not the password')).error.code).toBe('authenticator.wrong_password')
  expect((await remove(ada, await codeOf(secret))).data).toEqual({ isActive: false, recoveryCodesLeft: 0 })
  expect((await remove(ada, await codeOf(secret))).error.code).toBe('authenticator.missing')
})

test('a secret that was not confirmed is replaced by the next, and its codes are not taken', async () => {
  const ada = await api.signUp()
  const first = (await post(ada, '', { password })).data.secret
  const second = (await post(ada, '', { password })).data.secret
  expect(second).not.toBe(first)
  expect((await post(ada, '/confirm', { code: await codeOf(first) })).error.code).toBe('authenticator.wrong_code')
  expect((await post(ada, '/confirm', { code: await codeOf(second) })).status).toBe(200)
})

test('F7, O3: a code is good once, also when it comes ten times at once; the one that confirmed is used up', async () => {
  const { ada, secret } = await withApp()
  time -= halfMinute
  expect((await remove(ada, await codeOf(secret))).error.code).toBe('authenticator.wrong_code')
  time += halfMinute
  const code = await codeOf(secret)
  const answers = await Promise.all(Array.from({ length: 4 }, () => remove(ada, code)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('a recovery code does once what a code of the app does, however it is typed', async () => {
  const { ada, recoveryCodes } = await withApp()
  const [first = '', second = ''] = recoveryCodes
  expect((await remove(ada, ` ${first.replaceAll('-', ' ').toUpperCase()} `)).status).toBe(200)
  expect((await remove(ada, second)).error.code).toBe('authenticator.missing')
})

test('F7: after five wrong codes the right one is refused too, until a quarter of an hour is over', async () => {
  const { ada, secret } = await withApp()
  for (let attempt = 0; attempt < 5; attempt++) {
    expect((await remove(ada, `${attempt}-no-such-code`)).error.code).toBe('authenticator.wrong_code')
  }
  const refused = await remove(ada, await codeOf(secret))
  expect(refused.error.code).toBe('request.rate_limited')
  time += 16 * 60_000
  expect((await remove(ada, await codeOf(secret))).status).toBe(200)
})

test('F2: nobody reads or changes it without a session: no key, no other person', async () => {
  const { ada, secret } = await withApp()
  const grace = await api.signUp('Grace Hopper')
  const key = await makeKey(ada.userId, ada.organizationId, ['approval.decide', 'execution.read'])
  expect((await api.send('GET', path, { key })).error.code).toBe('auth.forbidden')
  for (const [rest, body] of [
    ['', { password }],
    ['/confirm', { code: '123456' }],
    ['/remove', { password, code: '123456' }],
  ] as const) {
    expect((await api.send('POST', `${path}${rest}`, { key, body })).error.code).toBe('auth.forbidden')
    expect((await api.send('POST', `${path}${rest}`, { body })).status).toBe(401)
    expect((await post(grace, rest, { ...body, userId: ada.userId })).error.code).toBe('request.invalid')
  }
  expect((await remove(grace, await codeOf(secret))).error.code).toBe('authenticator.missing')
  expect((await api.send('GET', path, { as: ada })).data.isActive).toBe(true)
})

test('L1: what is stored opens nothing: the secret is sealed, recovery codes are hashes, and the audit has neither', async () => {
  const { ada, secret, recoveryCodes } = await withApp()
  const row = await env.DB.prepare('SELECT * FROM authenticators WHERE user_id = ?').bind(ada.userId).first()
  const deeds = await env.DB.prepare('SELECT * FROM audit_entries WHERE actor_id = ?').bind(ada.userId).all()
  const stored = JSON.stringify([row, deeds.results])
  for (const deed of ['begun', 'added']) expect(stored).toContain(`authenticator.${deed}`)
  for (const clear of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
    expect(stored).not.toContain(clear)
  }
})
