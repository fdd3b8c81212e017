import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { codeOf, now, receive, seconds, secret, settingsFor } from './support.ts'

// Signatures are made here by independent means: the reference library, or node:crypto as the providers' documents
// describe it. Nothing of the code under test is used to make them.

const wrong = 'hook.unauthorized: wrong_signature'
const json = '{"id":"evt_1","text":"ünï\\u00e9\\r\\n"}'
const hmac = (key: string, message: string | Buffer, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', key).update(message).digest(encoding)

function deliver(
  verification: string,
  headers: Record<string, string>,
  {
    body = json,
    secrets = [secret],
    params = {},
  }: { body?: string | Uint8Array; secrets?: string[]; params?: object } = {},
): Promise<string> {
  const settings = settingsFor({ verification, ...params })
  return codeOf(receive({ body, headers: { 'content-type': 'text/plain', ...headers } }, { settings, secrets }))
}

describe('GitHub', () => {
  test('accepts the documented example', async () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    const options = { body: 'Hello, World!', secrets: ["It's a Secret to Everybody"] }
    expect(await deliver('github', { 'X-Hub-Signature-256': signature }, options)).toBe('received')
    expect(await deliver('github', { 'X-Hub-Signature-256': signature }, { ...options, body: 'Hello, World?' })).toBe(
      wrong,
    )
  })

  test('refuses the older SHA-1 signature', async () => {
    const sha1 = `sha1=${createHmac('sha1', secret).update(json).digest('hex')}`
    expect(await deliver('github', { 'X-Hub-Signature': sha1 })).toBe('hook.unauthorized: missing_signature')
    expect(await deliver('github', { 'X-Hub-Signature-256': sha1 })).toBe('hook.unauthorized: malformed_signature')
  })
})

describe('Stripe', () => {
  const signed = (at: number, body = json, key = secret) => `t=${at},v1=${hmac(key, `${at}.${body}`)}`

  test('accepts what Stripe signs, also next to other versions and other signatures', async () => {
    expect(await deliver('stripe', { 'Stripe-Signature': signed(seconds) })).toBe('received')
    const several = `t=${seconds},v0=00ff,v1=${hmac('another secret of the same length', json)},v1=${hmac(secret, `${seconds}.${json}`)}`
    expect(await deliver('stripe', { 'Stripe-Signature': several })).toBe('received')
  })

  test('D3: refuses a timestamp that is 301 s away, missing, or no whole number', async () => {
    expect(await deliver('stripe', { 'Stripe-Signature': signed(seconds - 300) })).toBe('received')
    expect(await deliver('stripe', { 'Stripe-Signature': signed(seconds + 300) })).toBe('received')
    const late = 'hook.unauthorized: timestamp_outside_tolerance'
    expect(await deliver('stripe', { 'Stripe-Signature': signed(seconds - 301) })).toBe(late)
    expect(await deliver('stripe', { 'Stripe-Signature': signed(seconds + 301) })).toBe(late)
    const missing = 'hook.unauthorized: missing_timestamp'
    expect(await deliver('stripe', { 'Stripe-Signature': `v1=${hmac(secret, `.${json}`)}` })).toBe(missing)
    expect(await deliver('stripe', { 'Stripe-Signature': signed(seconds + 0.5) })).toBe(missing)
    expect(await deliver('stripe', { 'Stripe-Signature': `t=1e9,v1=${hmac(secret, `1e9.${json}`)}` })).toBe(missing)
  })

  test('D4: a signature of another version alone does not count', async () => {
    const v0 = `t=${seconds},v0=${hmac(secret, `${seconds}.${json}`)}`
    expect(await deliver('stripe', { 'Stripe-Signature': v0 })).toBe('hook.unauthorized: malformed_signature')
  })
})

describe('Standard Webhooks', () => {
  const key = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
  const older = `whsec_${Buffer.from('fedcba9876543210fedcba9876543210').toString('base64')}`
  const headersOf = (signature: string, at = seconds, id = 'msg_1') => ({
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': signature,
  })
  const signed = (body = json, at = seconds, by = key) => new Webhook(by).sign('msg_1', new Date(at * 1_000), body)

  test('accepts what the reference library signs', async () => {
    expect(await deliver('standard', headersOf(signed()), { secrets: [key] })).toBe('received')
  })

  test('accepts whatever body the reference library signs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, unit: 'binary' }), async (body) => {
        expect(await deliver('standard', headersOf(signed(body)), { secrets: [key], body })).toBe('received')
      }),
      { numRuns: 100 },
    )
  })

  test('D2: is over the raw bytes: written anew, the same JSON has another signature', async () => {
    const spaced = '{ "a": 1,\r\n "b": "\\u00fc" }'
    const accepted = headersOf(signed(spaced))
    expect(await deliver('standard', accepted, { secrets: [key], body: spaced })).toBe('received')
    const again = JSON.stringify(JSON.parse(spaced))
    expect(await deliver('standard', accepted, { secrets: [key], body: again })).toBe(wrong)
    const withMark = new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from(spaced)])
    expect(await deliver('standard', accepted, { secrets: [key], body: withMark })).toBe(wrong)
    const marked = headersOf(
      `v1,${createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
        .update(`msg_1.${seconds}.`)
        .update(withMark)
        .digest('base64')}`,
    )
    expect(await deliver('standard', marked, { secrets: [key], body: withMark })).toBe('received')
  })

  test('D2: no other byte of the body may change', async () => {
    const accepted = headersOf(signed())
    await fc.assert(
      fc.asyncProperty(fc.nat(json.length - 1), fc.integer({ min: 1, max: 127 }), async (index, flip) => {
        const body = Buffer.from(json)
        body[index] = body[index]! ^ flip
        expect(await deliver('standard', accepted, { secrets: [key], body: new Uint8Array(body) })).toBe(wrong)
      }),
      { numRuns: 100 },
    )
  })

  test('D3: the id and the timestamp are signed too', async () => {
    expect(await deliver('standard', headersOf(signed(), seconds, 'msg_2'), { secrets: [key] })).toBe(wrong)
    expect(await deliver('standard', headersOf(signed(), seconds + 1), { secrets: [key] })).toBe(wrong)
  })

  test.each([
    [-301, 'timestamp_outside_tolerance'],
    [301, 'timestamp_outside_tolerance'],
    [-300, ''],
    [300, ''],
  ])('D3: a timestamp %i s from now', async (offset, reason) => {
    const at = seconds + offset
    const verdict = await deliver('standard', headersOf(signed(json, at), at), { secrets: [key] })
    expect(verdict).toBe(reason === '' ? 'received' : `hook.unauthorized: ${reason}`)
  })

  test.each(['', 'soon', '1.5', '-1', '0x10', '99999999999999'])('D3: the timestamp %j', async (text) => {
    const headers = { ...headersOf(signed()), 'webhook-timestamp': text }
    expect(await deliver('standard', headers, { secrets: [key] })).toBe('hook.unauthorized: missing_timestamp')
  })

  test('D4: one good signature of a list is enough, whatever else is in it', async () => {
    const list = `v1,${Buffer.alloc(32).toString('base64')} v2,abc v1,!!! v1a,xyz ${signed()}`
    expect(await deliver('standard', headersOf(list), { secrets: [key] })).toBe('received')
    expect(await deliver('standard', headersOf(signed().replace('v1,', 'v2,')), { secrets: [key] })).toBe(wrong)
  })

  test('D4: the previous secret counts as long as it is given', async () => {
    const byOlder = headersOf(signed(json, seconds, older))
    expect(await deliver('standard', byOlder, { secrets: [key, older] })).toBe('received')
    expect(await deliver('standard', byOlder, { secrets: [key] })).toBe(wrong)
  })

  test('D4: an empty or short secret opens nothing', async () => {
    for (const [weak, reason] of [
      ['', 'no_secret'],
      ['whsec_', 'no_secret'],
      [`whsec_${Buffer.alloc(23).toString('base64')}`, 'unusable_secret'],
    ] as const) {
      const bytes = Buffer.from(weak.slice(6), 'base64')
      const mac = createHmac('sha256', bytes).update(`msg_1.${seconds}.${json}`).digest('base64')
      const refusal = await deliver('standard', headersOf(`v1,${mac}`), { secrets: [weak] })
      expect(refusal).toBe(`hook.unauthorized: ${reason}`)
    }
  })

  test('D4: with a public key, Ed25519 counts and HMAC does not', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
    const secrets = [`whpk_${raw.toString('base64')}`]
    const message = Buffer.from(`msg_1.${seconds}.${json}`)
    const signature = sign(null, message, privateKey).toString('base64')
    expect(await deliver('standard', headersOf(`v1a,${signature}`), { secrets })).toBe('received')
    // The public key is no secret: whoever has it must not be able to sign with it.
    const forged = createHmac('sha256', raw).update(message).digest('base64')
    expect(await deliver('standard', headersOf(`v1,${forged}`), { secrets })).toBe(wrong)
    expect(await deliver('standard', headersOf(`v1a,${signature}`), { secrets: [key] })).toBe(wrong)
  })
})

describe('Slack', () => {
  const documented = {
    secrets: ['8f742231b10e8888abcd99yyyzzz85a5'],
    body:
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
      '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
      '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  }

  test('accepts the documented example at its time, and not later', async () => {
    const headers = {
      'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      'X-Slack-Request-Timestamp': '1531420618',
    }
    const settings = settingsFor({ verification: 'slack' })
    const sent = { body: documented.body, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } }
    const at = (now: number) => codeOf(receive(sent, { settings, secrets: documented.secrets, now }))
    expect(await at(1531420618_000)).toBe('received')
    expect(await at(1531420618_000 + 301_000)).toBe('hook.unauthorized: timestamp_outside_tolerance')
  })

  test('D13: answers the question whether the address is ours, as plain text, and only to a challenge', async () => {
    const ask = async (challenge: unknown) => {
      const body = JSON.stringify({ type: 'url_verification', challenge })
      const headers = {
        'content-type': 'application/json',
        'X-Slack-Request-Timestamp': String(seconds),
        'X-Slack-Signature': `v0=${hmac(secret, `v0:${seconds}:${body}`)}`,
      }
      return receive({ body, headers }, { settings: settingsFor({ verification: 'slack' }), secrets: [secret] })
    }
    expect(await ask('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P')).toMatchObject({
      kind: 'handshake',
      response: { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' } },
    })
    expect(await ask('<script>alert(1)</script>')).toMatchObject({ kind: 'trigger' })
  })
})

test('Shopify: accepts base64 of the MAC over the body', async () => {
  expect(await deliver('shopify', { 'X-Shopify-Hmac-Sha256': hmac(secret, json, 'base64') })).toBe('received')
  expect(await deliver('shopify', { 'X-Shopify-Hmac-Sha256': hmac(secret, `${json} `, 'base64') })).toBe(wrong)
})

test('any HMAC: header, encoding and text before it are as the workflow says', async () => {
  const params = { signatureHeader: 'X-Sig', signatureEncoding: 'base64', signaturePrefix: 'hmac ' }
  const mac = hmac(secret, json, 'base64')
  expect(await deliver('hmac', { 'x-sig': `hmac ${mac}` }, { params })).toBe('received')
  expect(await deliver('hmac', { 'x-sig': mac }, { params })).toBe('hook.unauthorized: malformed_signature')
  expect(await deliver('hmac', { 'x-sig': `hmac ${hmac(secret, json)}` }, { params })).not.toBe('received')
  expect(await deliver('hmac', { 'x-signature': hmac(secret, json) })).toBe('received')
})

describe('D14: shared secrets', () => {
  const credentials = 'hook-user:a long password'
  const basic = (text: string, scheme = 'Basic') => ({
    authorization: `${scheme} ${Buffer.from(text).toString('base64')}`,
  })

  test('Basic takes the user name and password, in UTF-8, under any spelling of the scheme', async () => {
    expect(await deliver('basic', basic(credentials), { secrets: [credentials] })).toBe('received')
    expect(await deliver('basic', basic(credentials, 'bAsIc'), { secrets: [credentials] })).toBe('received')
    const german = 'nutzer:ein langes kennwort mit ü'
    expect(await deliver('basic', basic(german), { secrets: [german] })).toBe('received')
  })

  test.each([
    ['another password', basic('hook-user:another password'), 'wrong_credentials'],
    ['a longer one', basic(`${credentials}x`), 'wrong_credentials'],
    ['another scheme', basic(credentials, 'Bearer'), 'missing_signature'],
    ['no base64', { authorization: 'Basic %%%' }, 'malformed_signature'],
    ['nothing', {}, 'missing_signature'],
  ])('Basic refuses %s', async (_, headers, reason) => {
    const verdict = await deliver('basic', headers, { secrets: [credentials] })
    expect(verdict).toBe(`hook.unauthorized: ${reason}`)
  })

  test('a header takes the secret alone or after Bearer, and nothing else', async () => {
    const params = { tokenHeader: 'Authorization' }
    expect(await deliver('header', { authorization: secret }, { params })).toBe('received')
    expect(await deliver('header', { authorization: `Bearer ${secret}` }, { params })).toBe('received')
    expect(await deliver('header', { authorization: `Basic ${secret}` }, { params })).toBe(
      'hook.unauthorized: wrong_credentials',
    )
    expect(await deliver('header', { authorization: '' }, { params })).toBe('hook.unauthorized: wrong_credentials')
    expect(await deliver('header', {}, { params })).toBe('hook.unauthorized: missing_signature')
  })
})

describe('D1: fails closed', () => {
  const schemes = ['standard', 'github', 'stripe', 'slack', 'shopify', 'hmac', 'basic', 'header']

  test.each(schemes)('%s refuses everything while there is no secret', async (scheme) => {
    for (const secrets of [[], [''], ['short']]) {
      const headers = { 'x-webhook-token': secrets[0] ?? '', authorization: 'Basic Og==' }
      expect(await deliver(scheme, headers, { secrets })).toBe('hook.unauthorized: no_secret')
    }
  })

  test.each(schemes)('%s refuses what is not signed', async (scheme) => {
    expect(await deliver(scheme, {})).toBe('hook.unauthorized: missing_signature')
  })

  test.each(schemes)('%s refuses what is signed with another secret', async (scheme) => {
    const other = 'b secret of more than 24 characters'
    const mac = hmac(other, json)
    const headers = {
      'x-hub-signature-256': `sha256=${mac}`,
      'stripe-signature': `t=${seconds},v1=${hmac(other, `${seconds}.${json}`)}`,
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': `v0=${hmac(other, `v0:${seconds}:${json}`)}`,
      'x-shopify-hmac-sha256': hmac(other, json, 'base64'),
      'x-signature': mac,
      'x-webhook-token': other,
      authorization: `Basic ${Buffer.from(other).toString('base64')}`,
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${hmac(other, `msg_1.${seconds}.${json}`, 'base64')}`,
    }
    const own: Record<string, string> = {
      standard: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      basic: `user:${secret}`,
    }
    expect(await deliver(scheme, headers, { secrets: [own[scheme] ?? secret] })).toMatch(
      /^hook\.unauthorized: wrong_(?:signature|credentials)$/,
    )
  })
})

test('D5: a MAC of any length but the right one is refused like a wrong one', async () => {
  const mac = hmac(secret, json)
  for (const text of [mac.slice(0, 2), mac.slice(0, -2), `${mac}00`, mac.repeat(100)]) {
    expect(await deliver('github', { 'x-hub-signature-256': `sha256=${text}` })).toBe(wrong)
  }
})

test('nothing unproven is parsed', async () => {
  expect(await deliver('github', { 'content-type': 'application/json' }, { body: '{"broken' })).toBe(
    'hook.unauthorized: missing_signature',
  )
})

test('the clock is the one it is given', () => expect(now).toBe(seconds * 1_000))
