// Answers as they may come, written byte by byte: their first bytes are read at one go and the rest is counted, so that no
// answer is cut off, and none fills the memory.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let site: Server
let answer: (socket: Socket) => void

const host = () => `127.0.0.1:${(site.address() as AddressInfo).port}`

beforeAll(async () => {
  site = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => answer(socket))
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', () => resolve()))
  product = await startProduct({ allow: [host()] })
  await product.client.call('PUT', '/outbound-rules', { host: host(), breaker: false })
})
afterAll(async () => {
  await product.stop()
  site.close()
})

const hooks = new Map<string, string>()
/** No two events are alike: the second would be taken for the first. */
let calls = 0

/** What a workflow that calls gets: the body, or the code of the failure. */
async function outcome(method: string, maxResponseKb = 256): Promise<string> {
  const name = `${method} ${maxResponseKb}`
  if (!hooks.has(name)) {
    const drawn = graph(
      [
        node('hook', 'trigger.webhook', { respond: 'finished' }),
        node(
          'call',
          'http.request',
          { method, url: `http://${host()}/`, parse: 'text', maxResponseKb },
          { retry: { maxRetries: 0 } },
        ),
        node('after', 'data.set', { fields: [{ name: 'got', value: '{{ steps.call.body }}' }] }),
      ],
      'hook>call>after',
    )
    hooks.set(name, (await product.client.publish(name, drawn)).hookPath)
  }
  const response = await product.client.post(hooks.get(name)!, { call: ++calls })
  const said = await response.json<{ got?: string; error?: { details: { code: string } } }>()
  return said.got ?? said.error?.details.code ?? ''
}

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const chunks = `${chunk('one, ').repeat(3)}0\r\n\r\n`
const long = 'long'.repeat(50_000)
const packed = gzipSync('packed')

test.each<[what: string, headers: string[], body: string | Buffer, got: string]>([
  ['is as long as it says', ['content-length: 5'], 'hello', 'hello'],
  ['is long, and says so', [`content-length: ${long.length}`], long, long],
  ['is empty', ['content-length: 0'], '', ''],
  ['is longer than it says', ['content-length: 5', 'connection: close'], 'hello and more', 'hello'],
  ['says its length twice', ['content-length: 5', 'content-length: 5'], 'hello', 'hello'],
  ['comes in chunks', ['transfer-encoding: chunked'], chunks, 'one, one, one, '],
  [
    'comes in chunks, and says a length',
    ['content-length: 5', 'transfer-encoding: chunked'],
    chunks,
    'one, one, one, ',
  ],
  ['is packed', ['content-encoding: gzip', `content-length: ${packed.length}`], packed, 'packed'],
])('an answer that %s arrives whole', async (_, headers, body, got) => {
  answer = (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n`)
    socket.write(body)
    if (headers.includes('connection: close')) socket.end()
  }
  expect(await outcome('GET')).toBe(got)
})

test('an answer that comes in two parts arrives whole, and one that breaks off between them is none', async () => {
  const parts = (second: (socket: Socket) => void) => (socket: Socket) =>
    void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', () => setImmediate(() => second(socket)))
  answer = parts((socket) => socket.write('hello'))
  expect(await outcome('GET')).toBe('hellohello')
  answer = parts((socket) => socket.end())
  expect(await outcome('GET')).toBe('egress.answer_broken')
})

test.each([
  [16_383, 256, 'whole'],
  [16_384, 256, 'whole'],
  [16_385, 256, 'whole'],
  [100_000, 256, 'whole'],
  [1_024, 1, 'whole'],
  [1_025, 1, 'egress.too_large'],
  [16_384, 16, 'whole'],
  [16_385, 16, 'egress.too_large'],
])('C13: of %i bytes in chunks, where %i kB may come, it gets: %s', async (bytes, limitKb, got) => {
  const body = 'x'.repeat(bytes)
  answer = (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
    for (let at = 0; at < bytes; at += 5_000) socket.write(chunk(body.slice(at, at + 5_000)))
    socket.write('0\r\n\r\n')
  }
  expect(await outcome('GET', limitKb)).toBe(got === 'whole' ? body : got)
})

test('C13: an endless answer that says it is short is given up at the limit', async () => {
  answer = (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(chunk('x'.repeat(16_384)))) continue
    }
    socket.on('drain', more)
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n', more)
  }
  expect(await outcome('GET')).toBe('egress.too_large')
})

test('an answer to HEAD has a length and no body', async () => {
  answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n')
  expect(await outcome('HEAD')).toBe('')
})
