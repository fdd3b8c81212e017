import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../worker/contract/json.ts'
import { parseJson } from '../../../worker/lib/parse-json.ts'
import { codeOf, receive, triggerOf } from './support.ts'
import { expectAnswerWithin } from '../../support/expect-within.ts'

const type = (contentType: string) => ({ 'content-type': contentType })
const json = type('application/json')
const form = type('application/x-www-form-urlencoded')

async function bodyOf(body: string | Uint8Array, headers: Record<string, string>): Promise<Json> {
  return (await triggerOf({ body, headers })).body
}

describe('the declared type chooses how the body is read', () => {
  test.each([
    ['application/json', '{"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
    ['application/json; charset=utf-8', '"text"', 'text'],
    ['Application/Vnd.GitHub+JSON', '{}', {}],
    ['application/cloudevents+json', '[]', []],
    ['text/plain', '{"a":1}', '{"a":1}'],
    ['text/html', '<p>x</p>', '<p>x</p>'],
    ['application/xml', '<a><b/></a>', '<a><b/></a>'],
    ['application/octet-stream', 'text all the same', 'text all the same'],
    ['application/x-www-form-urlencoded', 'a=1&b=x+y%21', { a: '1', b: 'x y!' }],
  ])('%s', async (contentType, text, value) => {
    expect(await bodyOf(text, type(contentType))).toEqual(value)
  })

  test('no body is null, whatever is declared', async () => {
    expect((await triggerOf({})).body).toBe(null)
    expect(await bodyOf('', json)).toBe(null)
  })

  test('text of another charset is read as such', async () => {
    expect(await bodyOf(new Uint8Array([0xfc]), type('text/plain; charset="iso-8859-1"'))).toBe('ü')
  })

  test('bytes that are no text are refused', async () => {
    const call = (contentType: string) =>
      codeOf(receive({ body: new Uint8Array([0xff, 0xfe, 0x00]), headers: type(contentType) }))
    expect(await call('image/png')).toBe('request.unsupported_media_type')
    expect(await call('text/plain; charset=no-such')).toBe('request.unsupported_media_type')
    expect(await call('application/json')).toBe('request.invalid')
  })

  test('a mark at the beginning is no part of the text', async () => {
    expect(await bodyOf(new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from('{"a":1}')]), json)).toEqual({ a: 1 })
  })
})

describe('D6: what is declared is not guessed from what is sent', () => {
  test('multipart sent as JSON is no JSON', async () => {
    expect(
      await codeOf(
        receive({ body: '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--', headers: json }),
      ),
    ).toBe('request.malformed_json')
  })

  test('JSON sent as multipart is no form', async () => {
    const headers = type('multipart/form-data; boundary=x')
    expect(await codeOf(receive({ body: '{"a":1}', headers }))).toBe('request.invalid')
    expect(await codeOf(receive({ body: '{"a":1}', headers: type('multipart/form-data') }))).toBe('request.invalid')
  })

  test('a file of a form is its name, type and size; none of its bytes are kept', async () => {
    const data = new FormData()
    data.append('note', 'hello')
    data.append('tag', 'a')
    data.append('tag', 'b')
    data.append('file', new File(['secret bytes'], 'a.txt', { type: 'text/plain' }))
    const request = new Request('https://x/', { method: 'POST', body: data })
    const body = new Uint8Array(await request.arrayBuffer())
    expect(await bodyOf(body, type(request.headers.get('content-type')!))).toEqual({
      note: 'hello',
      tag: ['a', 'b'],
      file: { filename: 'a.txt', contentType: 'text/plain', sizeBytes: 12 },
    })
  })

  test('an object that looks like a file stays the data it is', async () => {
    const fake = { filename: '/etc/passwd', path: '/etc/passwd', filepath: '/etc/passwd' }
    expect(await bodyOf(JSON.stringify({ file: fake }), json)).toEqual({ file: fake })
  })
})

describe('form fields', () => {
  test.each([
    ['a=1&a=2', { a: ['1', '2'] }],
    ['tags[]=x&tags[]=y', { tags: ['x', 'y'] }],
    ['customer[name]=Ada&customer[address][city]=Paris', { customer: { name: 'Ada', address: { city: 'Paris' } } }],
    ['lines[0][sku]=a&lines[1][sku]=b', { lines: [{ sku: 'a' }, { sku: 'b' }] }],
    ['x[1]=a&x[7]=b', { x: { 1: 'a', 7: 'b' } }],
    ['a=1&a[b]=2', { a: '1', 'a[b]': '2' }],
    ['a[b=1&]x[=2&[]=3', { 'a[b': '1', ']x[': '2', '[]': '3' }],
    ['a.b=1', { 'a.b': '1' }],
    ['=1', { '': '1' }],
    ['constructor=Ferrari', { constructor: 'Ferrari' }],
  ])('%s', async (text, value) => {
    expect(await bodyOf(text, form)).toEqual(value)
  })

  test('whatever is sent, something plain comes out', async () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', '[', ']', '.', '0', '1', '__proto__', 'constructor', 'prototype'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, fc.string())), async (fields) => {
        const value = await bodyOf(`x=1&${new URLSearchParams(fields).toString()}`, form)
        expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
        expect(JSON.parse(JSON.stringify(value))).toEqual(value)
      }),
      { numRuns: 200 },
    )
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })
})

describe('a form in another charset', () => {
  const declared = (charset: string) => type(`application/x-www-form-urlencoded; charset=${charset}`)

  test.each([
    ['name=Jos%E9&city=M%FCnchen', 'windows-1252', { name: 'José', city: 'München' }],
    ['price=%80+1', 'ISO-8859-1', { price: '€ 1' }],
    ['%83n=%83%8D', '"Shift_JIS"', { ハ: 'ロ' }],
    ['name=Jos%C3%A9', 'UTF-8', { name: 'José' }],
    ['a=%EF%BF%BD', 'utf-8', { a: '\uFFFD' }],
  ])('%s in %s', async (text, charset, value) => {
    expect(await bodyOf(text, declared(charset))).toEqual(value)
  })

  test('also where the bytes stand in it as they are', async () => {
    expect(await bodyOf(Buffer.from('name=José', 'latin1'), declared('iso-8859-1'))).toEqual({ name: 'José' })
  })

  test('that is not what it says is refused, by the name of the charset', async () => {
    for (const [text, charset] of [
      ['name=Jos%E9', 'utf-8'],
      ['name=%81', 'shift_jis'],
    ] as const) {
      const refused = receive({ body: text, headers: declared(charset) })
      await expect(refused).rejects.toMatchObject({ code: 'request.invalid', details: { charset } })
    }
    expect(await codeOf(receive({ body: 'a=1', headers: declared('no-such') }))).toBe('request.unsupported_media_type')
  })

  test('that says nothing is UTF-8, what it says in a field of its own, or Windows-1252', async () => {
    expect(await bodyOf('name=Jos%C3%A9', form)).toEqual({ name: 'José' })
    expect(await bodyOf('name=%83n&charset=Shift_JIS', form)).toEqual({ name: 'ハ', charset: 'Shift_JIS' })
    expect(await bodyOf('_charset_=koi8-r&name=%F1', form)).toEqual({ _charset_: 'koi8-r', name: 'Я' })
    expect(await bodyOf('name=Jos%E9', form)).toEqual({ name: 'José' })
    expect(await bodyOf('name=Jos%E9&charset=UTF-8', form)).toEqual({ name: 'José', charset: 'UTF-8' })
    expect(await bodyOf('name=Jos%E9&charset=nonsense', form)).toEqual({ name: 'José', charset: 'nonsense' })
    expect(await bodyOf(Buffer.from('name=José', 'latin1'), form)).toEqual({ name: 'José' })
  })

  test('loses nothing: each byte of each field comes back', async () => {
    const word = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
    const escaped = (text: string) =>
      [...Buffer.from(text, 'latin1')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    // Latin 1 and Windows-1252 are one but for these.
    const isShared = (text: string) => !/[\u0080-\u009f]/.test(text)
    await fc.assert(
      fc.asyncProperty(fc.array(word.filter(isShared), { maxLength: 5 }), async (words) => {
        const fields = words.map((text, index) => [`f${index}`, text] as const)
        const text = fields.map(([name, value]) => `${name}=${escaped(value)}`).join('&&')
        expect(await bodyOf(`x=1&${text}`, declared('windows-1252'))).toEqual({ x: '1', ...Object.fromEntries(fields) })
      }),
      { numRuns: 200 },
    )
  })

  test('is undone as the platform undoes it: what only looks like an escape stays', async () => {
    const unit = fc.constantFrom('%', '4', '1', 'g', '+', '&', '=', 'a', 'F')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 20 }), async (text) => {
        expect(await bodyOf(`x=${text}`, declared('windows-1252'))).toEqual(await bodyOf(`x=${text}`, form))
      }),
      { numRuns: 300 },
    )
  })
})

test('bytes that do not fit are refused by the name of the charset, in JSON and in text too', async () => {
  const refusal = async (contentType: string) =>
    receive({ body: new Uint8Array([0x22, 0xe9, 0x22]), headers: type(contentType) })
  const invalid = (charset: string) => ({ code: 'request.invalid', details: { charset } })
  await expect(refusal('application/json; charset=iso-8859-1')).rejects.toMatchObject(invalid('utf-8'))
  await expect(refusal('text/plain')).rejects.toMatchObject(invalid('utf-8'))
  await expect(refusal('application/xml')).rejects.toMatchObject(invalid('utf-8'))
  await expect(refusal('text/plain; charset=shift_jis')).rejects.toMatchObject(invalid('shift_jis'))
})

describe('D7: keys that mean a prototype', () => {
  test.each([
    ['JSON', '{"__proto__":{"polluted":1},"a":{"__proto__":[{"x":1}],"b":2}}', json, { a: { b: 2 } }],
    [
      'JSON, constructor',
      '{"constructor":{"prototype":{"polluted":1},"name":"x"}}',
      json,
      { constructor: { name: 'x' } },
    ],
    ['form', '__proto__[polluted]=1&__proto__=2&a[__proto__][polluted]=3&b=4', form, { b: '4' }],
    ['form, constructor', 'constructor[prototype][polluted]=1&a[constructor][prototype]=2&b=4', form, { b: '4' }],
    ['form, dotted', '__proto__.polluted=1', form, { '__proto__.polluted': '1' }],
  ])('in %s are dropped, the rest stays', async (_, text, headers, value) => {
    expect(await bodyOf(text, headers)).toEqual(value)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('in the query and the headers are dropped', async () => {
    const trigger = await triggerOf({ search: '?__proto__=1&__proto__[polluted]=1&a=1&a=2&b=3' })
    expect(trigger.query).toEqual({ '__proto__[polluted]': '1', a: ['1', '2'], b: '3' })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

test.each(['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<?xml version="1.0"?>\n<!doctype a>\n<a/>'])(
  'D8: XML that declares a document type is refused unread',
  async (text) => {
    expect(await codeOf(receive({ body: text, headers: type('text/xml') }))).toBe('request.invalid')
  },
)

describe('D9: JSON beyond measure', () => {
  test.each([
    ['64 levels', '['.repeat(64) + ']'.repeat(64), 'received'],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), 'request.too_large'],
    ['100,000 levels of lists', '['.repeat(100_000) + ']'.repeat(100_000), 'request.too_large'],
    ['100,000 levels of objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), 'request.too_large'],
    ['10,000 keys', `{${Array.from({ length: 10_000 }, (_, index) => `"k${index}":1`).join()}}`, 'received'],
    ['10,001 keys', `{${Array.from({ length: 10_001 }, (_, index) => `"k${index}":1`).join()}}`, 'request.too_large'],
    ['a key twice', '{"a":1,"b":{"c":1,"c":2}}', 'request.malformed_json'],
    ['a key twice, written differently', '{"a":1,"\\u0061":2}', 'request.malformed_json'],
    ['a number no double holds', '{"a":1e400}', 'request.malformed_json'],
    ['a text of 256 KB', JSON.stringify('x'.repeat(256 * 1024)), 'received'],
    ['a longer text', JSON.stringify('x'.repeat(256 * 1024 + 1)), 'request.too_large'],
    ['2 MB', JSON.stringify(Array.from({ length: 2_000_000 }, () => 1)), 'request.too_large'],
    ['an unfinished value', '{"a":', 'request.malformed_json'],
    ['two values', '{} {}', 'request.malformed_json'],
    ['NaN', '{"a":NaN}', 'request.malformed_json'],
    ['a comment', '{} // x', 'request.malformed_json'],
  ])('%s', async (_, body, code) => {
    await expectAnswerWithin(1_000, async () => expect(await codeOf(receive({ body, headers: json }))).toBe(code))
  })

  test('whatever else is JSON comes through as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
        expect(parseJson(JSON.stringify(value, null, 2))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 500 },
    )
  })

  test('a key twice is seen at any depth, among any others', () => {
    const key = fc.string()
    fc.assert(
      fc.property(
        key,
        fc.jsonValue({ maxDepth: 3 }),
        fc.jsonValue({ maxDepth: 3 }),
        fc.array(key),
        (name, one, two, path) => {
          const member = (value: unknown) => `${JSON.stringify(name)}:${JSON.stringify(value)}`
          const text = path
            .slice(0, 20)
            .reduce((inner, at) => `{${JSON.stringify(at)}:${inner}}`, `{${member(one)},${member(two)}}`)
          expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'request.malformed_json' }))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('D10: compressed bodies', () => {
  test('gzip and deflate are unpacked', async () => {
    expect(await bodyOf(gzipSync('{"a":1}'), { ...json, 'content-encoding': 'gzip' })).toEqual({ a: 1 })
    expect(await bodyOf(deflateSync('{"a":1}'), { ...json, 'content-encoding': 'deflate' })).toEqual({ a: 1 })
  })

  test.each(['gzip', 'deflate'])('a %s bomb is given up at 1 MB', async (encoding) => {
    const pack = encoding === 'gzip' ? gzipSync : deflateSync
    const bomb = pack(Buffer.alloc(200 * 1024 * 1024, 32))
    expect(bomb.byteLength).toBeLessThan(1024 * 1024)
    const before = process.memoryUsage().rss
    expect(await codeOf(receive({ body: bomb, headers: { ...json, 'content-encoding': encoding } }))).toBe(
      'request.too_large',
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
  })

  test('a body of exactly 1 MB is read, one byte more is not', async () => {
    const headers = type('application/x-www-form-urlencoded')
    const sized = (size: number) =>
      gzipSync(`${'a=&'.repeat(3_000)}${'b'.repeat(size - 9_000 - 200_000)}&${'c'.repeat(199_999)}`)
    const verdict = (size: number) =>
      codeOf(receive({ body: sized(size), headers: { ...headers, 'content-encoding': 'gzip' } }))
    expect(await verdict(1024 * 1024)).toBe('received')
    expect(await verdict(1024 * 1024 + 1)).toBe('request.too_large')
  })

  test('what is not compressed although it says so is refused', async () => {
    const headers = { ...json, 'content-encoding': 'gzip' }
    expect(await codeOf(receive({ body: '{"a":1}', headers }))).toBe('request.invalid')
    expect(await codeOf(receive({ body: gzipSync('{"a":1}').subarray(0, 10), headers }))).toBe('request.invalid')
  })

  test.each(['br', 'zstd', 'gzip, gzip', 'compress'])('the encoding %s is refused', async (encoding) => {
    const call = receive({ body: '{}', headers: { ...json, 'content-encoding': encoding } })
    expect(await codeOf(call)).toBe('request.unsupported_media_type')
  })

  test('a body without a length is counted while it comes', async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const request = new Request('https://x/hooks/a', {
      method: 'POST',
      body: endless,
      headers: json,
      duplex: 'half',
    } as RequestInit)
    const { receiveWebhook } = await import('../../../worker/triggers/webhook/index.ts')
    const { settingsFor, now } = await import('./support.ts')
    const call = receiveWebhook({
      request,
      search: new URL(request.url).search,
      settings: settingsFor({}),
      hookKey: 'h',
      secrets: [],
      now,
    })
    expect(await codeOf(call)).toBe('request.too_large')
  })
})
