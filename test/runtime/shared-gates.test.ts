// A limit for all workflows of an organization, on real objects: who waits, who gives its place back and takes it again,
// and what becomes of all that when somebody dies.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { leaseMs } from '../../worker/concurrency/gate.ts'
import type { SharedSettings } from '../../worker/concurrency/settings.ts'
import type { Execution } from '../../worker/contract/execution.ts'
import type { ExecutionId, OrganizationId, WorkflowId } from '../../worker/contract/id.ts'
import type { ControlInput } from '../../worker/engine/control/control.ts'
import { newId } from '../../worker/lib/id.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { createGateRuntime } from '../../worker/runtime/gate/gate-runtime.ts'
import { gateOf } from '../../worker/runtime/gate/gate-stub.ts'
import { createSharedGates, readInstallationLimits } from '../../worker/runtime/gate/shared-gates.ts'
import { callable, eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

const hanging = { url: 'https://sink.example.com/hang/shared' }

//  start ─► call          which never answers
const calling = graph([node('start', 'trigger.manual'), node('call', 'http.request', hanging)], 'start>call')

//  start ─► nap ─► call
const napping = graph(
  [
    node('start', 'trigger.manual'),
    node('nap', 'flow.wait', { mode: 'duration', duration: '1 hour' }),
    node('call', 'http.request', hanging),
  ],
  'start>nap',
  'nap>call',
)

async function limited(running: number | null, organizationId = newId('organization')): Promise<OrganizationId> {
  await env.DB.prepare(
    `INSERT INTO execution_limits (organization_id, running, updated_by, updated_at) VALUES (?1, ?2, 'usr_ada', ?3)
     ON CONFLICT (organization_id) DO UPDATE SET running = ?2, updated_at = ?3`,
  )
    .bind(organizationId, running, Date.now())
    .run()
  await createGateRuntime(env).executionLimitChanged(organizationId)
  return organizationId
}

async function begin({ organizationId, workflowId, versionId }: Published): Promise<ExecutionId> {
  const trigger = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } } as const
  return (await runtime().start({ organizationId, workflowId, versionId, trigger })).executionId
}

const find = async ({ organizationId }: Published, id: ExecutionId) => (await runtime().findLive(organizationId, id))!

function becomes(on: Published, id: ExecutionId, status: Execution['status']): Promise<Execution> {
  return eventually(async () => {
    const execution = await find(on, id)
    return execution.status === status ? execution : undefined
  })
}

/** One that waits in the queue, as it stands there. */
function queued(on: Published, id: ExecutionId): Promise<Execution> {
  return eventually(async () => {
    const execution = await find(on, id)
    return execution.queue?.position === undefined ? undefined : execution
  })
}

const cancel = (on: Published, id: ExecutionId) => runtime().cancel(on.organizationId, id, 'usr_ada', 'not needed')
const control = ({ organizationId }: Published, id: ExecutionId, input: ControlInput) =>
  runtime().control(organizationId, id, input)
const gateOfAll = (organizationId: OrganizationId) =>
  gateOf(env, organizationId, newId('workflow'), { gate: 'organization', key: null })
const placesAt = (organizationId: OrganizationId) =>
  runInDurableObject(gateOfAll(organizationId), (_, { storage }) => {
    const [table] = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'places'").toArray()
    if (table === undefined) return []
    return storage.sql.exec<{ id: string; standing: string }>('SELECT id, standing FROM places ORDER BY id').toArray()
  })
/** Nobody, and nobody on its way. */
const isEmpty = (organizationId: OrganizationId) =>
  eventually(async () => ((await placesAt(organizationId)).length === 0 ? true : undefined))

describe('a limit of the organization', () => {
  test('holds for all its workflows together, which take turns; who waits says where it stands', async () => {
    const organizationId = await limited(1)
    const [flood, few] = [await publish(calling, organizationId), await publish(calling, organizationId)]
    const first = await begin(flood)
    await becomes(flood, first, 'running')
    const [second, third] = [await begin(flood), await begin(flood)]
    await queued(flood, second)
    await queued(flood, third)
    const other = await begin(few)
    const queue = { gate: 'organization', waiting: 3, running: 1, limit: 1 }
    // The flood had the turn before.
    expect((await queued(few, other)).queue).toEqual({ ...queue, position: 1 })
    expect((await find(flood, second)).queue).toEqual({ ...queue, position: 2 })
    expect((await find(flood, third)).queue).toEqual({ ...queue, position: 3 })

    await cancel(flood, first)
    await becomes(few, other, 'running')
    expect(await cancel(flood, second)).toBe('accepted')
    expect((await becomes(flood, second, 'cancelled')).steps).toEqual([])
    await cancel(few, other)
    await becomes(flood, third, 'running')
    await cancel(flood, third)
    await isEmpty(organizationId)
  })

  test('one whose turn came is shown as running in lists, however long its call takes', async () => {
    const organizationId = await limited(1)
    const on = await publish(calling, organizationId)
    const id = await begin(on)
    await becomes(on, id, 'running')
    await eventually(async () => {
      const row = await env.LOGS.prepare('SELECT status FROM executions WHERE id = ?').bind(id).first('status')
      return row === 'running'
    })
    await cancel(on, id)
  })

  test('one that is over at once asks for no place; without a limit nobody does', async () => {
    const pure = graph([node('start', 'trigger.manual'), node('set', 'data.set', { fields: [] })], 'start>set')
    const organizationId = await limited(1)
    const [busy, quick] = [await publish(calling, organizationId), await publish(pure, organizationId)]
    const first = await begin(busy)
    await becomes(busy, first, 'running')
    expect((await find(quick, await begin(quick))).status).toBe('completed')
    await cancel(busy, first)

    const free = await publish(calling)
    const id = await begin(free)
    await becomes(free, id, 'running')
    expect((await runtime().findJournal(free.organizationId, id))![0]!.events[0]).not.toHaveProperty('gates')
    await cancel(free, id)
  })

  test('holds at once for those who wait when it is raised or lifted', async () => {
    const organizationId = await limited(1)
    const on = await publish(calling, organizationId)
    const [first, second, third] = [await begin(on), await begin(on), await begin(on)]
    await becomes(on, first, 'running')
    await queued(on, second)
    await queued(on, third)
    await limited(2, organizationId)
    await becomes(on, second, 'running')
    expect((await queued(on, third)).queue).toMatchObject({ running: 2, limit: 2 })
    await limited(null, organizationId)
    await becomes(on, third, 'running')
    const fourth = await begin(on)
    await becomes(on, fourth, 'running')
    for (const id of [first, second, third, fourth]) await cancel(on, id)
    await isEmpty(organizationId)
  })

  test('comes after the workflow’s own: who waits there holds no place here', async () => {
    const organizationId = await limited(1)
    const single = await publish({ ...calling, settings: { concurrency: {} } }, organizationId)
    const other = await publish(calling, organizationId)
    const [first, second] = [await begin(single), await begin(single)]
    await becomes(single, first, 'running')
    expect((await queued(single, second)).queue).toMatchObject({ gate: 'concurrency' })
    const third = await begin(other)
    expect((await queued(other, third)).queue).toMatchObject({ gate: 'organization', waiting: 1 })
    await cancel(single, first)
    await becomes(other, third, 'running')
    expect((await queued(single, second)).queue).toMatchObject({ gate: 'organization' })
    await cancel(other, third)
    await becomes(single, second, 'running')
    await cancel(single, second)
  })
})

describe('one that waits for something else', () => {
  test('gives its place back, and takes one again when it goes on, whoever waits', async () => {
    const organizationId = await limited(1)
    const [on, busy] = [await publish(napping, organizationId), await publish(calling, organizationId)]
    const sleeper = await begin(on)
    await becomes(on, sleeper, 'waiting')
    await isEmpty(organizationId)
    const first = await begin(busy)
    await becomes(busy, first, 'running')
    const second = await begin(busy)
    await queued(busy, second)

    expect(await control(on, sleeper, { type: 'skipStep', by: 'usr_ada', path: 'nap' })).toBe('accepted')
    await becomes(on, sleeper, 'running')
    await eventually(async () => ((await find(busy, second)).queue?.running === 2 ? true : undefined))
    // Until it is one again nobody is let in.
    await cancel(busy, first)
    expect((await queued(busy, second)).queue).toMatchObject({ running: 1 })
    await cancel(on, sleeper)
    await becomes(busy, second, 'running')
    await cancel(busy, second)
    await isEmpty(organizationId)
  })

  test('for another execution it called does not stand in its way', async () => {
    const organizationId = await limited(1)
    const child = await callable(calling, organizationId)
    const parent = await publish(
      graph(
        [node('start', 'trigger.manual'), node('sub', 'flow.call', { workflow: child.workflowId, input: {} })],
        'start>sub',
      ),
      organizationId,
    )
    const id = await begin(parent)
    const called = await eventually(
      async () => (await find(parent, id)).steps.find(({ path }) => path === 'sub')?.child?.executionId,
      15_000,
    )
    await becomes(child, called as ExecutionId, 'running')
    await cancel(parent, id)
    await isEmpty(organizationId)
  })

  test('for somebody to resume it gives its place back as well', async () => {
    const organizationId = await limited(1)
    const on = await publish(calling, organizationId)
    const [first, second] = [await begin(on), await begin(on)]
    await becomes(on, first, 'running')
    await queued(on, second)
    // It cannot be paused while it is queued, and is not lost by that.
    expect(await control(on, second, { type: 'pause', by: 'usr_ada' })).toBe('queued')
    expect(await control(on, first, { type: 'pause', by: 'usr_ada' })).toBe('accepted')
    await becomes(on, second, 'running')
    await cancel(on, first)
    await cancel(on, second)
  })

  test('a failed one that is tried again waits for its turn', async () => {
    const organizationId = await limited(1)
    const failing = graph([node('start', 'trigger.manual'), node('ask', 'http.request', { url: 'no' })], 'start>ask')
    const [on, busy] = [await publish(failing, organizationId), await publish(calling, organizationId)]
    const failed = await begin(on)
    await becomes(on, failed, 'failed')
    const other = await begin(busy)
    await becomes(busy, other, 'running')
    expect(await runtime().redrive(organizationId, failed, 'usr_ada')).toBe('accepted')
    expect((await queued(on, failed)).queue).toMatchObject({ gate: 'organization', position: 1 })
    await cancel(busy, other)
    await becomes(on, failed, 'failed')
    await isEmpty(organizationId)
  })
})

describe('whoever dies', () => {
  test('the gate knows who stands there and in which workflow; one that waits asks again', async () => {
    const organizationId = await limited(1)
    const [on, other] = [await publish(calling, organizationId), await publish(calling, organizationId)]
    const first = await begin(on)
    await becomes(on, first, 'running')
    const [second, third] = [await begin(on), await begin(other)]
    await queued(on, second)
    await queued(other, third)
    await evictDurableObject(gateOfAll(organizationId))
    await evictDurableObject(executionOf(env, organizationId, second))
    await runDurableObjectAlarm(executionOf(env, organizationId, second))
    expect((await queued(on, second)).queue).toMatchObject({ waiting: 2, running: 1 })
    for (const id of [second, third]) await cancel(on, id)
    await cancel(on, first)
    await isEmpty(organizationId)
  })

  test('a place that was not given back is found free: one that rests is asked, and says so', async () => {
    const organizationId = await limited(1)
    const [on, busy] = [await publish(napping, organizationId), await publish(calling, organizationId)]
    const sleeper = await begin(on)
    await becomes(on, sleeper, 'waiting')
    await isEmpty(organizationId)
    // As if its word had been lost.
    const settings: SharedSettings = { gate: 'organization', limit: 1, revision: Date.now() }
    const comer = { id: `${sleeper}/1`, at: 1, lane: on.workflowId, isBack: true }
    await gateOfAll(organizationId).offer(organizationId, settings, comer)
    const waiting = await begin(busy)
    await queued(busy, waiting)
    await runInDurableObject(gateOfAll(organizationId), (_, { storage }) => {
      storage.sql.exec('UPDATE places SET seen_at = ? WHERE standing = ?', Date.now() - leaseMs, 'inside')
    })
    await evictDurableObject(gateOfAll(organizationId))
    await runDurableObjectAlarm(gateOfAll(organizationId))
    await becomes(busy, waiting, 'running')
    await cancel(busy, waiting)
  })
})

describe('the gate of the installation', () => {
  const settings: SharedSettings = { gate: 'installation', limit: 1, weights: {} }
  const ref = { gate: 'installation', key: null } as const
  const stand = (organizationId: OrganizationId, lane: WorkflowId) =>
    gateOf(env, organizationId, lane, ref).offer(organizationId, settings, {
      id: `${newId('execution')}/1`,
      at: 1,
      lane,
    })

  test('G4: tells nobody of another organization’s executions, and lets nobody end their stay', async () => {
    const [mine, theirs] = [newId('organization'), newId('organization')]
    const id = `${newId('execution')}/1`
    const lane = newId('workflow')
    // A name of another organization in the comer counts for nothing.
    const comer = { id, at: 1, lane, party: mine }
    const all = gateOf(env, theirs, lane, ref)
    expect(await all.offer(theirs, settings, { ...comer, id: `${newId('execution')}/1` })).toContain('passed')
    expect(await all.offer(theirs, settings, comer)).toContain('waiting')
    expect(await all.standing(mine, id)).toBeUndefined()
    await all.leave(mine, id)
    expect(await all.standing(theirs, id)).toEqual({ position: 1, waiting: 1, running: 1 })
    expect(await stand(mine, lane)).toContain('waiting')
    await all.leave(theirs, id)
    expect(await all.standing(theirs, id)).toBeUndefined()
  })

  test('is there where the installation has a limit, for all; a database that is away keeps nobody from beginning', async () => {
    const away = { findExecutionLimit: () => Promise.reject(new Error('away')) }
    const limits = readInstallationLimits({
      LEAT_MAX_RUNNING: '100',
      LEAT_MAX_RUNNING_EACH: ' 10 ',
      LEAT_WEIGHTS: 'org_a=3, org_b=0.5',
    })
    expect(limits).toEqual({ running: 100, runningEach: 10, weights: { org_a: 3, org_b: 0.5 } })
    const gates = createSharedGates(away, limits)
    const organizationId = newId('organization')
    expect((await gates.listFor(organizationId)).map(({ gate }) => gate)).toEqual(['organization', 'installation'])
    expect(await gates.settingsOf(organizationId, 'organization')).toMatchObject({ limit: 10 })
    const strict = createSharedGates({ findExecutionLimit: () => Promise.resolve({ limit: 4, revision: 1 }) }, limits)
    expect(await strict.settingsOf(organizationId, 'organization')).toMatchObject({ limit: 4, revision: 1 })
    expect(await createSharedGates(away, readInstallationLimits({})).listFor(organizationId)).toEqual([])
  })

  test.each([
    { LEAT_MAX_RUNNING: '0' },
    { LEAT_MAX_RUNNING_EACH: 'many' },
    { LEAT_WEIGHTS: 'org_a' },
    { LEAT_WEIGHTS: 'org_a=0' },
  ])('%j is refused', (vars) => {
    expect(() => readInstallationLimits(vars)).toThrow(Object.keys(vars)[0]!)
  })
})
