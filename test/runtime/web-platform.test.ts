import { describe, expect, test } from 'vitest'
import { createEgress } from '../../worker/egress/index.ts'
import { TerminalError } from '../../worker/lib/step-errors.ts'
import { webhookParams } from '../../worker/nodes/trigger/webhook.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { receiveWebhook } from '../../worker/triggers/webhook/index.ts'
import { createVault } from '../../worker/vault/index.ts'

// What leans on the platform itself, in the platform itself: streams, decompression, forms, keys, `fetch`. Everything
// else about these folders is tested in plain Node.

const secret = 'a secret of more than 24 characters'
const now = Date.parse('2026-06-01T12:00:00Z')

function receive(init: RequestInit, params: Record<string, unknown> = {}, secrets = [secret]) {
  const request = new Request('https://leat.test/hooks/abc', { method: 'POST', ...init })
  return receiveWebhook({
    request,
    search: new URL(request.url).search,
    settings: webhookParams().parse(params),
    hookKey: 'hook',
    secrets,
    now,
  })
}

async function gzipped(text: string): Promise<Uint8Array> {
  const stream = new Response(text).body!.pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

describe('webhooks', () => {
  test('bytes that break off or are no UTF-8 are refused, and spoil nothing of the next body', async () => {
    const headers = { 'content-type': 'application/json' }
    for (const bytes of [
      [0x22, 0xe2, 0x82],
      [0x22, 0xff, 0x22],
      [0xf0, 0x9f],
    ]) {
      await expect(receive({ body: new Uint8Array(bytes), headers })).rejects.toMatchObject({ code: 'request.invalid' })
      expect(await receive({ body: '"€"', headers })).toMatchObject({ trigger: { body: '€' } })
    }
  })

  test('D10: a compressed body is unpacked, a bomb is given up', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expect(await receive({ body: await gzipped('{"a":1}'), headers })).toMatchObject({ trigger: { body: { a: 1 } } })
    const bomb = await gzipped(' '.repeat(20 * 1024 * 1024))
    await expect(receive({ body: bomb, headers })).rejects.toMatchObject({ code: 'request.too_large' })
    await expect(receive({ body: '{"a":1}', headers })).rejects.toMatchObject({ code: 'request.invalid' })
  })

  test('a form in another charset is read by it, declared or not', async () => {
    const form = 'application/x-www-form-urlencoded'
    for (const [body, type, name] of [
      ['name=Jos%E9', form, 'José'],
      ['name=Jos%E9+%80', `${form}; charset=ISO-8859-1`, 'José €'],
      ['name=%83n', `${form}; charset=shift_jis`, 'ハ'],
      ['charset=koi8-r&name=%F1', form, 'Я'],
      ['name=Jos%C3%A9', form, 'José'],
    ] as const) {
      const received = await receive({ body, headers: { 'content-type': type } })
      expect(received).toMatchObject({ trigger: { body: { name } } })
    }
    const headers = { 'content-type': `${form}; charset=utf-8` }
    await expect(receive({ body: 'name=Jos%E9', headers })).rejects.toMatchObject({ code: 'request.invalid' })
  })

  test("a form with a file is its fields, and the file's name, type and size", async () => {
    const form = new FormData()
    form.append('note', 'hello')
    form.append('file', new File(['bytes'], 'a.txt', { type: 'text/plain' }))
    const sent = new Request('https://x/', { method: 'POST', body: form })
    const init = { body: await sent.arrayBuffer(), headers: { 'content-type': sent.headers.get('content-type')! } }
    expect(await receive(init)).toMatchObject({
      trigger: { body: { note: 'hello', file: { filename: 'a.txt', contentType: 'text/plain', sizeBytes: 5 } } },
    })
  })

  test('D9: JSON nested 100,000 deep is refused, and the isolate lives', async () => {
    const body = '['.repeat(100_000) + ']'.repeat(100_000)
    const headers = { 'content-type': 'application/json' }
    await expect(receive({ body, headers })).rejects.toMatchObject({
      code: expect.stringMatching(/^request\./) as string,
    })
    expect(await receive({ body: '{"a":1}', headers })).toMatchObject({ kind: 'trigger' })
  })

  test('signatures are verified: HMAC, Ed25519, and passwords', async () => {
    const body = '{"a":1}'
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(secret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)))
    const hex = [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const github = (signature: string) =>
      receive({ body, headers: { 'x-hub-signature-256': `sha256=${signature}` } }, { verification: 'github' })
    expect(await github(hex)).toMatchObject({ kind: 'trigger' })
    await expect(github(hex.replace(/^../, '00'))).rejects.toMatchObject({ code: 'hook.unauthorized' })

    const pair = (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])) as CryptoKeyPair
    const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
    const message = new TextEncoder().encode(`m1.${now / 1_000}.${body}`)
    const signature = new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, pair.privateKey, message))
    const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
    const headers = {
      'webhook-id': 'm1',
      'webhook-timestamp': String(now / 1_000),
      'webhook-signature': `v1a,${base64(signature)}`,
    }
    expect(await receive({ body, headers }, { verification: 'standard' }, [`whpk_${base64(publicKey)}`])).toMatchObject(
      { kind: 'trigger' },
    )

    const authorization = `Basic ${btoa('somebody:a long password 123')}`
    expect(
      await receive({ body, headers: { authorization } }, { verification: 'basic' }, ['somebody:a long password 123']),
    ).toMatchObject({ kind: 'trigger' })
    await expect(receive({ body, headers: { authorization } }, { verification: 'basic' })).rejects.toMatchObject({
      code: 'hook.unauthorized',
    })
  })
})

describe('egress', () => {
  const never = new AbortController().signal

  test.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://１２７.０.０.１/',
    'http://[::ffff:7f00:1]/',
    'http://127.0.0.1./',
    'http://0177.0.0.1/',
  ])('C3: %s is an address of this machine here too', async (url) => {
    const call = createEgress()({ url, method: 'GET', headers: {} }, never)
    await expect(call).rejects.toMatchObject({ code: 'egress.refused_address' })
    await expect(call).rejects.toBeInstanceOf(TerminalError)
  })

  test("calls with the platform's own fetch, which follows no redirect by itself", async () => {
    const answer = await createEgress()(
      { url: 'https://sink.example.com/nothing-here', method: 'GET', headers: {} },
      never,
    )
    expect(answer.status).toBeGreaterThan(0)
  })

  test('C13: an endless answer is given up at the limit', async () => {
    const endless = () =>
      new ReadableStream({
        type: 'bytes',
        pull(controller) {
          controller.enqueue(new Uint8Array(65_536))
        },
      })
    const egress = createEgress({ fetch: () => Promise.resolve(new Response(endless())) })
    const call = egress(
      { url: 'https://api.example.com/', method: 'GET', headers: {}, maxResponseBytes: 100_000 },
      never,
    )
    await expect(call).rejects.toMatchObject({ code: 'egress.too_large' })
  })
})

test('the vault seals and opens, and its keys are those of HKDF', async () => {
  const vault = createVault({ rootSecret: 'the first root secret, 32 bytes or more' })
  const place = { organizationId: 'org_1', kind: 'hook', id: 'abc', field: 'secret' }
  const sealed = await vault.seal('hunter2', place)
  expect(await vault.open(sealed, place)).toBe('hunter2')
  await expect(vault.open(sealed, { ...place, id: 'other' })).rejects.toThrow('does not belong here')
  const effect = { organizationId: 'org_1', executionId: 'exe_1', generation: 1, path: 'each[3].send' }
  expect(await vault.idempotencyKey(effect)).toBe('fx_p099j4rtn15p9smmavjcvrryjbm2qwxv')
})

test('graphs are validated here as in the browser', () => {
  expect(validateGraph({ version: 1, nodes: [], edges: [] })).toMatchObject([{ code: 'graph.no_trigger' }])
})
