import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import type { Json } from '../../worker/contract/json.ts'
import { newId } from '../../worker/lib/id.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

//  start ─► ask (its result is good for a minute, by the city) ─► done
const asking = (name: string) =>
  graph(
    [
      node('start', 'trigger.manual'),
      node(
        'ask',
        'http.request',
        {
          method: 'POST',
          url: `https://sink.example.com/ok/${name}`,
          bodyType: 'text',
          text: '{{ trigger.data.city }}',
        },
        { cache: { key: '{{ trigger.data.city }}', ttlMs: 60_000 } },
      ),
      node('done', 'data.transform', { expression: 'steps.ask.body' }),
    ],
    'start>ask',
    'ask>done',
  )

async function execute({ organizationId, ...published }: Published, data: Json): Promise<Execution> {
  const trigger = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data } } as const
  const { executionId } = await runtime().start({ organizationId, ...published, trigger })
  return eventually(async () => {
    const execution = await runtime().findLive(organizationId, executionId)
    return execution?.finishedAt === undefined ? undefined : execution
  })
}

const callsOf = async (name: string): Promise<number> =>
  (await (await fetch(`https://sink.example.com/ledger/${name}`)).json<string[]>()).length

describe('a step whose result is kept', () => {
  test('is called once for one key, and once more for another', async () => {
    const name = newId('event')
    const published = await publish(asking(name))
    const first = await execute(published, { city: 'Oslo' })
    expect(first.status).toBe('completed')
    const second = await execute(published, { city: 'Oslo' })
    expect([second.status, second.output]).toEqual(['completed', first.output])
    expect(second.steps.find(({ path }) => path === 'ask')).toMatchObject({ cachedAt: expect.any(String) as string })
    expect(await callsOf(name)).toBe(1)
    await execute(published, { city: 'Bergen' })
    expect(await callsOf(name)).toBe(2)
  })

  test('is not found by another organization with the same workflow', async () => {
    const name = newId('event')
    await execute(await publish(asking(name)), { city: 'Oslo' })
    await execute(await publish(asking(name)), { city: 'Oslo' })
    expect(await callsOf(name)).toBe(2)
  })
})
