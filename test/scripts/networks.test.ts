import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { afterAll, describe, expect, test } from 'vitest'
import { closedNetwork, networkBindings } from '../../scripts/server/networks.ts'

const sink = createServer((_, response) => response.end('reached')).listen(0)
await once(sink, 'listening')
const { port } = sink.address() as AddressInfo

const hasIpv6 = Object.values(networkInterfaces()).some((ways) => ways?.some(({ address }) => address === '::1'))

/** A Worker on the networks of the local server that calls whatever it is told to, by whatever it is told to. */
const script = `import { connect } from 'cloudflare:sockets'
export default {
  async fetch(request, env) {
    const { target, by } = Object.fromEntries(new URL(request.url).searchParams)
    try {
      if (by === 'connect') {
        await connect(new URL(target).host).opened
        return new Response('reached')
      }
      if (by !== 'fetch' && env[by] === undefined) return new Response('not there')
      const response = await (by === 'fetch' ? fetch(target) : env[by].fetch(target))
      return new Response(await response.text())
    } catch { return new Response('refused') }
  }
}`

const started: Miniflare[] = []
function withNetworks(...allow: string[]) {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      cf: false,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: () => {},
      workers: [
        {
          name: 'leat',
          modules: true,
          script,
          compatibilityDate: closedNetwork.compatibilityDate,
          serviceBindings: networkBindings(allow),
          outboundService: closedNetwork.name,
        },
        closedNetwork,
      ],
    }),
  )
  started.push(miniflare)
  return async (by: string, address: string) => {
    const told = new URLSearchParams({ by, target: `http://${address}/` })
    return (await miniflare.dispatchFetch(`http://leat/?${told.toString()}`)).text()
  }
}

afterAll(async () => {
  await Promise.all(started.map((miniflare) => miniflare.dispose()))
  sink.close()
})

describe('with an address that was opened', () => {
  const call = withNetworks(`127.0.0.1:${port}`)

  test('C8: it is reached by the network that is for it, and by nothing else', async () => {
    const address = `127.0.0.1:${port}`
    expect(await call('ALLOWED_NETWORK', address)).toBe('reached')
    for (const by of ['PUBLIC_NETWORK', 'fetch', 'connect'])
      expect([by, await call(by, address)]).toEqual([by, 'refused'])
  })

  test.each(['127.0.0.2', '127.255.255.254', '[::1]'])('C8: %s is not, and reached by nothing', async (host) => {
    for (const by of ['ALLOWED_NETWORK', 'PUBLIC_NETWORK', 'fetch', 'connect']) {
      expect([by, await call(by, `${host}:${port}`)]).toEqual([by, 'refused'])
    }
  })

  test.each([
    'localhost',
    '127.0.0.1',
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '[::1]',
    '[fd00::1]',
    '0.0.0.0',
    '100.64.0.1',
  ])('C8: what leads to %s is refused by the public network, although the Worker asked for it', async (host) => {
    expect(await call('PUBLIC_NETWORK', `${host}:${port}`)).toBe('refused')
  })
})

// A machine need not have it.
test.skipIf(!hasIpv6)('C8: an IPv6 address is opened as one', async () => {
  const call = withNetworks(`[::1]:${port}`)
  expect(await call('ALLOWED_NETWORK', `[::1]:${port}`)).toBe('reached')
  expect(await call('ALLOWED_NETWORK', `127.0.0.1:${port}`)).toBe('refused')
})

test('C8: a name that was opened is reached where it leads', async () => {
  const call = withNetworks(`localhost:${port}`)
  expect(await call('ALLOWED_NETWORK', `localhost:${port}`)).toBe('reached')
  expect(await call('PUBLIC_NETWORK', `localhost:${port}`)).toBe('refused')
})

test('C8: where nothing was opened there is no way to what is not public', async () => {
  const call = withNetworks()
  expect(await call('ALLOWED_NETWORK', `127.0.0.1:${port}`)).toBe('not there')
  expect(await call('PUBLIC_NETWORK', `127.0.0.1:${port}`)).toBe('refused')
})
