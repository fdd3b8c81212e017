// A flood of one organization does not keep another waiting: places are given by turns, whoever came first.

import { afterAll, expect, test } from 'vitest'
import { graph, node } from '../../scripts/client/draw.ts'
import type { LeatClient } from '../../scripts/client/leat-client.ts'
import { signUp } from '../../scripts/prove/fair/sign-up.ts'
import { startProduct, until } from '../support/product.ts'

const product = await startProduct({ env: { LEAT_MAX_RUNNING: '2' } })
afterAll(() => product.stop())

test('who has few executions does not wait for the many of another organization', async () => {
  const { client, sink, url } = product
  const other = await signUp(url, 'Other')
  const calling = (name: string) =>
    graph(
      [
        node('hook', 'trigger.webhook', { respond: 'immediately' }),
        node('call', 'http.request', { method: 'POST', url: `${sink.url}/slow/500?who=${name}` }),
      ],
      'hook>call',
    )
  const flooded = await client.publish('Flood', calling('flood'))
  const few = await other.publish('Few', calling('few'))
  const callsOf = (name: string) => sink.calls().filter(({ address }) => address.endsWith(`who=${name}`)).length
  const send = (from: LeatClient, hookPath: string, times: number) =>
    Promise.all(
      Array.from({ length: times }, async (_, n) => expect((await from.post(hookPath, { n })).status).toBe(202)),
    )

  await send(client, flooded.hookPath, 60)
  await until(async () => (callsOf('flood') > 0 ? true : undefined))
  const queued = await until(async () => {
    const listed = await client.listNewest({ workflowId: flooded.id, status: 'queued' })
    return listed.find(({ queue }) => queue?.position !== undefined)?.queue
  })
  expect(queued).toMatchObject({ gate: 'installation' })
  // How many others have going on, and may, is not told.
  expect(queued).not.toHaveProperty('limit')

  await send(other, few.hookPath, 3)
  await until(async () => (callsOf('few') === 3 ? true : undefined))
  expect(callsOf('flood')).toBeLessThan(60)
})
