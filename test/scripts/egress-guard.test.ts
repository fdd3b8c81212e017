import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { afterAll, expect, test } from 'vitest'
import { egressOptions } from '../../scripts/server/miniflare-options.ts'

const sink = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1')
await once(sink, 'listening')
const { port } = sink.address() as AddressInfo

/** A Worker that fetches whatever it is told to, behind the guard of the local server. */
function startWorker(allow: string[]): Miniflare {
  const script = `export default {
    async fetch(request) {
      try {
        const response = await fetch(new URL(request.url).searchParams.get('target'))
        return new Response(await response.text())
      } catch { return new Response('refused') }
    }
  }`
  return new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      cf: false,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: () => {},
      workers: [{ name: 'leat', modules: true, script, outboundService: 'leat-egress' }, egressOptions(allow)],
    }),
  )
}

const guarded = startWorker([`127.0.0.1:${port}`])
const target = async (address: string) =>
  (await guarded.dispatchFetch(`http://leat/?target=${encodeURIComponent(address)}`)).text()

afterAll(async () => {
  await guarded.dispose()
  sink.close()
})

test('C8: an address that was allowed by name and port is reached', async () => {
  expect(await target(`http://127.0.0.1:${port}/`)).toBe('reached')
})

test('C8: a name that leads to this machine is refused, although the Worker asked for it', async () => {
  expect(await target(`http://localhost:${port}/`)).toBe('refused')
})

test.each(['127.0.0.1:1', '10.0.0.1', '192.168.1.1', '169.254.169.254', '[::1]', '[fd00::1]', '0.0.0.0', '100.64.0.1'])(
  'C8: the private address %s is refused',
  async (host) => {
    expect(await target(`http://${host}/`)).toBe('refused')
  },
)
