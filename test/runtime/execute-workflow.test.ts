import { expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { executeWorkflow } from '../../worker/usecases/executions/execute-workflow.ts'
import { publishWorkflow } from '../../worker/usecases/workflows/publish-workflow.ts'
import { makeContext } from '../support/people.ts'
import { graph, node, runtime } from '../support/published.ts'

const drawn = graph([
  node('paid', 'trigger.event', { eventType: 'order.paid' }),
  node('hook', 'trigger.webhook'),
  node('start', 'trigger.manual'),
])

test('O1: asked again under the same key, a start at any trigger is found again, also some time later', async () => {
  const made = await makeContext()
  const { id } = await createWorkflow(made, { name: 'Orders', graph: drawn })
  await publishWorkflow(made, id, {})
  let now = Date.now()
  const context = { ...made, runtime: runtime(), now: () => new Date(now) }
  const execute = (trigger: string, key: string, input?: Json) =>
    executeWorkflow(
      context,
      id,
      { trigger, version: 'published', wait: false, ...(input !== undefined && { input }) },
      key,
    )

  for (const [trigger, input, other] of [
    ['paid', { data: { total: 7 } }, { data: { total: 8 } }],
    ['paid', undefined, { data: null, id: 'mine' }],
    ['hook', { body: { total: 7 } }, { body: { total: 8 } }],
    ['start', { total: 7 }, { total: 8 }],
  ] as const) {
    const key = `${trigger} ${JSON.stringify(input)}`
    const first = await execute(trigger, key, input)
    now += 61_000
    expect(await execute(trigger, key, input)).toEqual({ ...first, duplicate: true })
    expect(first.duplicate).toBe(false)
    await expect(execute(trigger, key, other)).rejects.toMatchObject({ code: 'hook.conflict' })
  }
})
