import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { ExecutionId } from '../../worker/contract/id.ts'
import { admitAnew } from '../../worker/contract/facts/live.ts'
import { LiveMessage } from '../../worker/contract/live.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

//  start ──► pause
const waiting = graph(
  [node('start', 'trigger.manual'), node('pause', 'flow.wait', { mode: 'duration', duration: '1 hour' })],
  'start>pause',
)

/** A socket of somebody who looks on, and what came over it: statuses, and the code when it was closed. */
async function watch({ organizationId }: Published, id: ExecutionId) {
  const request = new Request('https://leat.test/', { headers: { upgrade: 'websocket' } })
  const { webSocket } = await executionOf(env, organizationId, id).fetch(request)
  const heard: (string | number)[] = []
  webSocket!.addEventListener('message', ({ data }) => {
    const message = LiveMessage.parse(JSON.parse(String(data)))
    heard.push(message.type === 'execution' ? message.execution.status : message.type)
  })
  webSocket!.addEventListener('close', ({ code }) => void heard.push(code))
  webSocket!.accept()
  await eventually(async () => heard[0])
  return heard
}

async function begin(published: Published): Promise<ExecutionId> {
  const trigger = { nodeId: 'start', kind: 'manual' as const, data: { type: 'manual', data: {} } }
  return (await runtime().start({ ...published, trigger })).executionId
}

/** What every socket remembers that is open by now. */
function remember({ organizationId }: Published, id: ExecutionId, attachment: (was: unknown) => unknown) {
  return runInDurableObject(executionOf(env, organizationId, id), (_, state) => {
    for (const socket of state.getWebSockets()) {
      socket.serializeAttachment(attachment(socket.deserializeAttachment()))
    }
  })
}

test('G15: a socket is told nothing any more when its admission is five minutes old, and another one is', async () => {
  const published = await publish(waiting)
  const id = await begin(published)
  const early = await watch(published, id)
  let untilMs = 0
  await remember(published, id, (was) => {
    untilMs = (was as { until: number }).until - Date.now()
    return { until: Date.now() }
  })
  expect(untilMs).toBeGreaterThan(4 * 60_000)
  expect(untilMs).toBeLessThanOrEqual(5 * 60_000)

  const late = await watch(published, id)
  await runtime().cancel(published.organizationId, id, 'ada', 'enough')
  await eventually(async () => late[1] && early[1])
  expect(late).toEqual(['waiting', 'cancelled'])
  expect(early).toEqual(['waiting', admitAnew])
})

test('G15: one that an earlier release opened, which remembers nothing, is admitted anew', async () => {
  const published = await publish(waiting)
  const id = await begin(published)
  const heard = await watch(published, id)
  await remember(published, id, () => null)
  await runtime().control(published.organizationId, id, { type: 'pause', by: 'ada' })
  await eventually(async () => heard[1])
  // Closed once: what happens next finds it closed.
  const other = await watch(published, id)
  await runtime().control(published.organizationId, id, { type: 'resume', by: 'ada' })
  await eventually(async () => other[1])
  expect(heard).toEqual(['waiting', admitAnew])
})
