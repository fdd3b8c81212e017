// R22: workflows that start each other through the network, on the running server, which is allowed to call itself here.

import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { Contact } from '../../worker/contract/contact.ts'
import type { ExecutionSummary } from '../../worker/contract/execution.ts'
import { isTerminal } from '../../worker/contract/facts/execution.ts'
import { startProduct, until, type Product } from '../support/product.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

let product: Product
let forwarderPort: number
beforeAll(async () => {
  const port = await freePort()
  forwarderPort = await freePort()
  const allowed = `localhost:${port},localhost:${forwarderPort}`
  product = await startProduct({ port, env: { LEAT_EGRESS_ALLOW: allowed } })
})
afterAll(() => product.stop())

//  hook ─► call ─► (the hook that the body names, and that one is to call the other)
const passingOn = graph(
  [
    node('hook', 'trigger.webhook', { respond: 'immediately' }),
    node('call', 'http.request', {
      method: 'POST',
      url: '{{ trigger.body.next }}',
      bodyType: 'json',
      json: { next: '{{ trigger.body.after }}', after: '{{ trigger.body.next }}', turn: '{{ trigger.body.turn + 1 }}' },
    }),
  ],
  'hook>call',
)

/** The executions of workflows, once all that there should be are in the list, and none is under way. */
function settled(ids: readonly string[], wanted: number): Promise<ExecutionSummary[]> {
  return until(async () => {
    const all = (await Promise.all(ids.map((workflowId) => product.client.listAll({ workflowId })))).flat()
    return all.length >= wanted && all.every(({ status }) => isTerminal(status)) && all
  })
}

const count = (all: readonly ExecutionSummary[], id: string, status: string) =>
  all.filter((execution) => execution.workflowId === id && execution.status === status).length

test('R22, K1: A calls B’s webhook and B calls A’s: the fourth start of A is refused, and the list says why', async () => {
  const [a, b] = [await product.client.publish('A', passingOn), await product.client.publish('B', passingOn)]
  const [urlOfA, urlOfB] = [product.url + a.hookPath, product.url + b.hookPath]
  await product.client.post(a.hookPath, { next: urlOfB, after: urlOfA, turn: 1 })
  const all = await settled([a.id, b.id], 7)
  expect([count(all, a.id, 'completed'), count(all, b.id, 'completed')]).toEqual([3, 3])
  const [refused, ...others] = all.filter(({ status }) => status === 'skipped')
  expect(others).toEqual([])
  expect(refused).toMatchObject({ workflowId: a.id, failure: { code: 'loop_detected', details: { rule: 'self' } } })
})

test('R22, K1: a workflow that calls its own webhook, and one that sends itself events by the API, stop too', async () => {
  const own = await product.client.publish('Own', passingOn)
  const url = product.url + own.hookPath
  await product.client.post(own.hookPath, { next: url, after: url, turn: 1 })
  const sending = await product.client.publish(
    'Sending',
    graph(
      [
        node('on', 'trigger.event', { eventType: 'round.made' }),
        node('send', 'http.request', {
          method: 'POST',
          url: `${product.url}/api/v2/events`,
          headers: { authorization: `Bearer ${product.server.demo.apiKey}` },
          bodyType: 'json',
          json: { type: 'round.made', data: { turn: '{{ trigger.data.turn + 1 }}' } },
        }),
      ],
      'on>send',
    ),
  )
  await product.client.sendEvent({ type: 'round.made', data: { turn: 1 } })
  for (const { id } of [own, sending]) {
    const all = await settled([id], 4)
    expect([count(all, id, 'completed'), count(all, id, 'skipped')]).toEqual([3, 1])
  }
})

describe('a workflow that changes the contact by whose change it started, by the API', () => {
  //  on contact.updated ─► change (adds a letter to the contact’s name, so that it is changed again)
  const changing = (api: string) =>
    graph(
      [
        node('on', 'trigger.event', { eventType: 'contact.updated' }),
        node('change', 'http.request', {
          method: 'PATCH',
          url: `${api}/api/v2/contacts/{{ trigger.contactId }}`,
          headers: {
            authorization: `Bearer ${product.server.demo.apiKey}`,
            'if-match': '"{{ trigger.data.contact.revision }}"',
          },
          bodyType: 'json',
          json: { firstName: '{{ trigger.data.contact.firstName + "a" }}' },
        }),
      ],
      'on>change',
    )

  async function change(name: string) {
    const contact = await product.client.call<Contact>('POST', '/contacts', { firstName: name })
    const response = await fetch(`${product.url}/api/v2/contacts/${contact.id}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${product.server.demo.apiKey}`,
        'content-type': 'application/json',
        'if-match': `"${contact.revision}"`,
      },
      body: JSON.stringify({ firstName: `${name}a` }),
    })
    expect(response.status).toBe(200)
    return contact.id
  }

  const nameOf = async (id: string) => (await product.client.call<Contact>('GET', `/contacts/${id}`)).firstName ?? ''

  test('R22, K1: is refused at its fourth start, for the chain goes with the request', async () => {
    const own = await product.client.publish('Changing', changing(product.url))
    const id = await change('Ad')
    const all = await settled([own.id], 4)
    expect([count(all, own.id, 'completed'), count(all, own.id, 'skipped')]).toEqual([3, 1])
    expect(all.find(({ status }) => status === 'skipped')).toMatchObject({
      failure: { code: 'loop_detected', details: { rule: 'self' } },
    })
    expect(await nameOf(id)).toBe('Adaaaa')
    await product.client.pause(own.id)
  })

  test('R22, K1: stands still after 29 rounds where somebody on the way drops the chain', async () => {
    let passed = 0
    const forwarder = createHttpServer((request, response) => {
      passed += 1
      const { 'leat-cause': _cause, 'cdn-loop': _loop, host: _host, ...headers } = request.headers
      const target = httpRequest(product.url + (request.url ?? ''), { method: request.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      request.pipe(target)
    })
    await new Promise<void>((resolve) => forwarder.listen(forwarderPort, '127.0.0.1', resolve))
    const lost = await product.client.publish('Changing, by a detour', changing(`http://localhost:${forwarderPort}`))
    const id = await change('Be')
    await until(async () => count(await product.client.listAll({ workflowId: lost.id }), lost.id, 'completed') >= 29)
    // A loop that was not held would go on at once.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect([passed, (await nameOf(id)).length]).toEqual([29, 2 + 1 + 29])
    const all = await product.client.listAll({ workflowId: lost.id })
    expect(count(all, lost.id, 'completed')).toBe(29)
    forwarder.closeAllConnections()
    forwarder.close()
  })
})
