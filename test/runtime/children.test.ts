import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../../worker/contract/execution.ts'
import type { Failure } from '../../worker/contract/failure.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import { ExecutionId, type WorkflowId } from '../../worker/contract/id.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { newId } from '../../worker/lib/id.ts'
import { journalTable } from '../../worker/runtime/execution/journal-table.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { callable, eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

//  start ─► call ─► done          a child:  start ─► double
const calling = (workflow: WorkflowId, params: JsonObject = {}) =>
  graph(
    [
      node('start', 'trigger.manual'),
      node('call', 'flow.call', { workflow, input: { n: '{{ trigger.data.n }}' }, ...params }),
      node('done', 'data.transform', { expression: 'steps.call' }),
    ],
    'start>call',
    'call:done>done',
  )

const doubling = graph(
  [node('start', 'trigger.manual'), node('double', 'data.transform', { expression: 'trigger.data.n * 2' })],
  'start>double',
)
const sleeping = graph(
  [node('start', 'trigger.manual'), node('nap', 'flow.wait', { mode: 'duration', duration: '1 hour' })],
  'start>nap',
)
const failing = graph(
  [node('start', 'trigger.manual'), node('stop', 'flow.end', { status: 'failed', reason: 'No stock.' })],
  'start>stop',
)
const slow = (name: string) =>
  graph(
    [node('start', 'trigger.manual'), node('ask', 'http.request', { url: `https://sink.example.com/${name}` })],
    'start>ask',
  )

async function begin({ organizationId, ...published }: Published, data: Json = { n: 21 }): Promise<ExecutionId> {
  const trigger = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data } } as const
  const { executionId } = await runtime().start({ organizationId, ...published, trigger })
  return executionId
}

const find = ({ organizationId }: Published, id: ExecutionId) => runtime().findLive(organizationId, id)

function ended(published: Published, id: ExecutionId): Promise<Execution> {
  return eventually(async () => {
    const execution = await find(published, id)
    return execution?.finishedAt === undefined ? undefined : execution
  })
}

/** The child of the step `call`, once it is there. */
function childOf(published: Published, id: ExecutionId): Promise<ExecutionId> {
  return eventually(async () => {
    const child = (await find(published, id))?.steps.find(({ path }) => path === 'call')?.child?.executionId
    return child === undefined ? undefined : ExecutionId.parse(child)
  })
}

describe('a workflow that calls another', () => {
  test('gets its output, and each names the other', async () => {
    const organizationId = newId('organization')
    const other = await callable(doubling, organizationId)
    const published = await publish(calling(other.workflowId), organizationId)
    const id = await begin(published)
    const execution = await ended(published, id)
    expect([execution.status, execution.output]).toEqual(['completed', 42])

    const child = await find(published, await childOf(published, id))
    expect(child).toMatchObject({
      workflowId: other.workflowId,
      status: 'completed',
      trigger: 'call',
      parent: { executionId: id, path: 'call' },
    })
  })

  test('waits for one that calls the world', async () => {
    const organizationId = newId('organization')
    const other = await callable(slow(`fail/1/${newId('event')}`), organizationId)
    const published = await publish(calling(other.workflowId, { output: '{{ child.output.status }}' }), organizationId)
    const execution = await ended(published, await begin(published))
    expect(execution.output).toBe(200)
  })

  test('does not wait where it is not to, and the child goes its own way', async () => {
    const organizationId = newId('organization')
    const other = await callable(sleeping, organizationId)
    const published = await publish(calling(other.workflowId, { wait: false }), organizationId)
    const id = await begin(published)
    const execution = await ended(published, id)
    const child = await childOf(published, id)
    expect(execution.output).toEqual({ executionId: child, status: 'started' })
    expect((await find(published, child))?.status).toBe('waiting')
  })

  test('fails with its child, with the child’s reason', async () => {
    const organizationId = newId('organization')
    const other = await callable(failing, organizationId)
    const published = await publish(calling(other.workflowId), organizationId)
    const execution = await ended(published, await begin(published))
    expect(execution.failure).toMatchObject({ code: 'call.child_failed', message: 'No stock.' })
  })

  test('is told what cannot be called: nothing, something that is not active, without a start, of somebody else', async () => {
    const organizationId = newId('organization')
    const paused = await callable(doubling, organizationId, 'paused')
    const hook = await callable(graph([node('start', 'trigger.webhook')]), organizationId)
    const foreign = await callable(doubling, newId('organization'))
    const codeOf = async (workflow: WorkflowId) => {
      const published = await publish(calling(workflow), organizationId)
      return (await ended(published, await begin(published))).failure?.code
    }
    expect(await codeOf(newId('workflow'))).toBe('call.not_found')
    expect(await codeOf(paused.workflowId)).toBe('call.not_active')
    expect(await codeOf(hook.workflowId)).toBe('call.no_trigger')
    expect(await codeOf(foreign.workflowId)).toBe('call.not_found')
  })

  test('that calls itself ends five deep', async () => {
    const organizationId = newId('organization')
    const self = await callable(doubling, organizationId)
    const again = await publish(calling(self.workflowId), organizationId)
    await env.DB.prepare('UPDATE workflows SET published_version_id = ? WHERE id = ?')
      .bind(again.versionId, self.workflowId)
      .run()
    const id = await begin(again)
    const execution = await ended(again, id)
    expect(execution.failure?.code).toBe('call.too_deep')
    let [deepest, depth] = [id, 0]
    for (; depth < 9; depth++) {
      const step = (await find(again, deepest))?.steps.find(({ path }) => path === 'call')
      if (step?.child?.executionId === undefined) break
      deepest = ExecutionId.parse(step.child.executionId)
    }
    expect(depth).toBe(5)
  })
})

describe('a child', () => {
  test('is cancelled with its parent', async () => {
    const organizationId = newId('organization')
    const other = await callable(sleeping, organizationId)
    const published = await publish(calling(other.workflowId), organizationId)
    const id = await begin(published)
    const child = await childOf(published, id)
    expect((await find(published, child))?.status).toBe('waiting')
    await runtime().cancel(organizationId, id, 'ada', 'not needed')
    expect((await ended(published, child)).status).toBe('cancelled')
    expect((await find(published, id))?.status).toBe('cancelled')
  })

  test('is cancelled by a parent that is over when somebody comes to erase that, should nothing else have', async () => {
    const organizationId = newId('organization')
    const other = await callable(sleeping, organizationId)
    const published = await publish(calling(other.workflowId), organizationId)
    const id = await begin(published)
    const child = await childOf(published, id)
    const parent = () => executionOf(env, organizationId, id)
    // It was cancelled, and its process died before anything came of that.
    const seq = await runInDurableObject(parent(), (_, { storage }) => {
      const journal = journalTable(storage.sql)
      const { entries } = journal.readWhole()!
      const [at, seq] = [Date.now(), entries.length + 1]
      const failure: Failure = { kind: 'terminal', code: 'step.cancelled', message: '' }
      journal.append({
        ...entries.at(-1)!,
        seq,
        events: [
          { type: 'cancelRequested', at, by: 'ada', reason: '' },
          { type: 'stepCancelled', at, path: 'call', node: 'call', failure },
          { type: 'finished', at, status: 'cancelled', output: null },
        ],
      })
      return seq
    })
    await evictDurableObject(parent())
    expect(await parent().erase(organizationId, { generation: 1, seq })).toBe(false)
    expect((await ended(published, child)).status).toBe('cancelled')
    expect(
      await eventually(
        async () => (await parent().erase(organizationId, { generation: 1, seq: seq + 1 })) || undefined,
      ),
    ).toBe(true)
  })

  test('whose parent slept through its end is asked when that looks again', async () => {
    const organizationId = newId('organization')
    const other = await callable(sleeping, organizationId)
    const published = await publish(calling(other.workflowId), organizationId)
    const id = await begin(published)
    const child = await childOf(published, id)
    await evictDurableObject(executionOf(env, organizationId, id))
    expect((await find(published, id))?.status).toBe('waiting')
    await runtime().cancel(organizationId, child, 'ada', 'not needed')
    await runDurableObjectAlarm(executionOf(env, organizationId, id))
    expect((await ended(published, id)).failure?.code).toBe('call.child_failed')
  })
})

//  start ─► stop ✗      then `other` is told
describe('a workflow that handles the failure of another', () => {
  const failing = (workflowId: WorkflowId): Graph => ({
    ...graph(
      [node('start', 'trigger.manual'), node('stop', 'flow.end', { status: 'failed', reason: 'No stock.' })],
      'start>stop',
    ),
    settings: { errorHandler: { workflowId } },
  })

  test('is called once with the failure, and what it gave is shown; the execution has failed', async () => {
    const organizationId = newId('organization')
    const handler = graph(
      [node('start', 'trigger.manual'), node('say', 'data.transform', { expression: 'trigger.data.failure.message' })],
      'start>say',
    )
    const other = await callable(handler, organizationId)
    const published = await publish(failing(other.workflowId), organizationId)
    const execution = await ended(published, await begin(published))
    expect(execution).toMatchObject({
      status: 'failed',
      failure: { code: 'execution.ended' },
      aftermath: { status: 'failed', handler: { status: 'completed', output: 'No stock.' } },
    })
    const child = execution.aftermath?.handler?.child?.executionId ?? ''
    expect(await find(published, ExecutionId.parse(child))).toMatchObject({
      workflowId: other.workflowId,
      status: 'completed',
      parent: { executionId: execution.id, path: '$failure' },
    })
  })

  test('that is its own handler is not called again when it fails as one', async () => {
    const organizationId = newId('organization')
    const workflowId = newId('workflow')
    const published = await callable(failing(workflowId), organizationId)
    await env.DB.prepare('UPDATE workflows SET id = ? WHERE id = ?').bind(workflowId, published.workflowId).run()
    const execution = await ended(published, await begin(published))
    const handler = execution.aftermath?.handler
    expect(handler).toMatchObject({ status: 'failed', failure: { code: 'call.child_failed' } })
    const child = await find(published, ExecutionId.parse(handler?.child?.executionId))
    expect(child).toMatchObject({ status: 'failed' })
    expect(child?.aftermath).toBeUndefined()
  })
})
