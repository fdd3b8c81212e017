// Who is let into a workflow, on real objects: one decision per contact at a time, whatever dies in between.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { readChange } from '../../worker/contacts/read-change.ts'
import type { EnrolmentSettings, Goal } from '../../worker/contract/enrolment.ts'
import type {
  ContactId,
  EventId,
  ExecutionId,
  OrganizationId,
  VersionId,
  WorkflowId,
} from '../../worker/contract/id.ts'
import { rulesOf } from '../../worker/enrolment/rules.ts'
import { executionIdFor, newId } from '../../worker/lib/id.ts'
import type { AcceptedTrigger } from '../../worker/runtime/accepted-trigger.ts'
import { consumeTrigger } from '../../worker/runtime/consume-triggers.ts'
import { contactOf, createContactRuntime } from '../../worker/runtime/contact/contact-runtime.ts'
import { executionOf } from '../../worker/runtime/executions.ts'
import { createWorkflow } from '../../worker/usecases/create-workflow.ts'
import { publishWorkflow } from '../../worker/usecases/publish-workflow.ts'
import { makeContext } from '../support/people.ts'
import { eventually, graph, node, runtime } from '../support/published.ts'

const contacts = createContactRuntime(env)

//  on order.* ──► pause ──► late       thanks
//             (or: on ──► late)
const drawn = (settings: { enrolment?: EnrolmentSettings; goals?: Goal[] }, waits = true) => ({
  ...graph(
    [
      node('on', 'trigger.event', { eventType: 'order.paid' }),
      node(
        'pause',
        waits ? 'flow.wait' : 'data.set',
        waits ? { mode: 'duration', duration: '1 hour' } : { fields: [] },
      ),
      node('late', 'data.set', { fields: [{ name: 'late', value: 'yes' }] }),
      node('thanks', 'data.set', { fields: [{ name: 'thanks', value: 'yes' }] }),
    ],
    'on>pause',
    'pause>late',
    'late>thanks',
  ),
  settings,
})

const paidMuch = (onAchievement: Goal['onAchievement'], goTo?: string): Goal => ({
  id: 'much',
  name: 'Paid much',
  conditions: { operator: 'AND', conditions: [{ field: 'event.data.total', operator: '>', value: 100 }] },
  onAchievement,
  ...(goTo !== undefined && { goTo }),
})

interface Stage {
  organizationId: OrganizationId
  contactId: ContactId
  workflowId: WorkflowId
  versionId: VersionId
}

async function stage(settings: Parameters<typeof drawn>[0], waits = true): Promise<Stage> {
  const context = { ...(await makeContext()), runtime: runtime() }
  const { organizationId, userId } = context.scope
  const contactId = newId('contact')
  const read = readChange({ firstName: 'Ada' }, {}, [])
  if ('problems' in read) throw new Error('not a contact')
  await contacts.change(organizationId, contactId, {
    deed: { kind: 'create', change: read.change },
    by: { kind: 'member', userId },
  })
  const { id: workflowId } = await createWorkflow(context, { name: 'Any', graph: drawn(settings, waits) })
  const { id: versionId } = await publishWorkflow(context, workflowId, {})
  return { organizationId, contactId, workflowId, versionId }
}

const eventOf = (
  { organizationId, contactId }: Stage,
  total = 1,
  at = Date.now(),
  eventId: EventId = newId('event'),
): AcceptedTrigger => ({
  organizationId,
  eventId,
  at,
  source: { kind: 'event', eventType: 'order.paid' },
  data: { type: 'order.paid', data: { total }, id: eventId, occurredAt: new Date(at).toISOString(), contactId },
  contactId,
})

/** Of another type, so that it starts nothing. */
const bare = (trigger: AcceptedTrigger): AcceptedTrigger => ({
  ...trigger,
  source: { kind: 'event', eventType: 'order.seen' },
})

const inForce = { shard: 0, epoch: 'any' }
const consume = async (trigger: AcceptedTrigger) => (await consumeTrigger(env, trigger, inForce)).records
const stubOf = ({ organizationId, contactId }: Stage) => contactOf(env, organizationId, contactId)
const executionFor = ({ organizationId, workflowId }: Stage, { eventId }: AcceptedTrigger) =>
  executionIdFor({ organizationId, workflowId, nodeId: 'on', eventId })

interface Row {
  id: ExecutionId
  reason: string | null
  ended: number | null
  ended_by: string | null
  goals: string
  pending: string | null
}

const rowsOf = (on: Stage): Promise<Row[]> =>
  runInDurableObject(stubOf(on), (_, { storage }) => {
    const [table] = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'enrolments'").toArray()
    return table === undefined
      ? []
      : storage.sql.exec<Row & Record<string, SqlStorageValue>>('SELECT * FROM enrolments ORDER BY at, id').toArray()
  })

async function statusOf({ organizationId }: Stage, id: ExecutionId) {
  const text = await executionOf(env, organizationId, id).view(organizationId)
  if (text === undefined) return undefined
  const { status, failure, steps } = JSON.parse(text) as {
    status: string
    failure?: { message: string }
    steps: { path: string; status: string }[]
  }
  return { status, message: failure?.message, steps: steps.map((step) => `${step.path} ${step.status}`) }
}

describe('an event that names a contact', () => {
  test('O1: a hundred at once let it in once, and say of all others why not', async () => {
    const on = await stage({ enrolment: {} })
    await Promise.all(Array.from({ length: 100 }, () => consume(eventOf(on))))
    const rows = await rowsOf(on)
    expect(rows).toHaveLength(100)
    const [enrolled, ...more] = rows.filter(({ reason }) => reason === null)
    expect(more).toEqual([])
    expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set([null, 'already_enrolled']))
    expect(await statusOf(on, enrolled!.id)).toMatchObject({ status: 'waiting' })
    const blocked = rows.find(({ reason }) => reason !== null)!
    expect(await statusOf(on, blocked.id)).toBeUndefined()
    const counted = await eventually(async () => {
      const found = await env.LOGS.prepare(
        'SELECT count(*) AS n, count(reason) AS blocked FROM enrolments WHERE workflow_id = ?',
      )
        .bind(on.workflowId)
        .first<{ n: number; blocked: number }>()
      return found?.n === 100 ? found : undefined
    })
    expect(counted.blocked).toBe(99)
  })

  test('R1: let in by a process that died before the execution began, begins it when it is delivered again, once', async () => {
    const on = await stage({ enrolment: { limit: 1 } })
    const trigger = eventOf(on)
    const id = executionFor(on, trigger)
    const { organizationId, workflowId, versionId } = on
    const rules = rulesOf({ settings: { enrolment: { limit: 1 } } })
    const { eventId, at, data: event } = trigger
    const ask = JSON.stringify({ id, workflowId, versionId, eventId, at, event, rules })
    expect(await stubOf(on).enrol(organizationId, ask)).toEqual({ kind: 'enrolled' })
    await evictDurableObject(stubOf(on))
    expect(await statusOf(on, id)).toBeUndefined()
    await consume(trigger)
    await consume(trigger)
    expect(await statusOf(on, id)).toMatchObject({ status: 'waiting' })
    expect(await rowsOf(on)).toHaveLength(1)
    await consume(eventOf(on))
    expect((await rowsOf(on)).map(({ reason }) => reason)).toEqual([null, 'already_enrolled'])
  })

  test('is blocked again when it is delivered again, though by then it would be let in', async () => {
    const on = await stage({ enrolment: {} })
    const [first, second] = [eventOf(on), eventOf(on)]
    await consume(first)
    await consume(second)
    await executionOf(env, on.organizationId, executionFor(on, first)).cancel(on.organizationId, 'ada', '')
    await eventually(async () => ((await rowsOf(on)).some(({ ended }) => ended !== null) ? true : undefined))
    await consume(second)
    expect(await statusOf(on, executionFor(on, second))).toBeUndefined()
    await consume(eventOf(on))
    expect((await rowsOf(on)).filter(({ reason }) => reason === null)).toHaveLength(2)
  })

  test('of an execution that ends at once, ends its enrolment; the delay counts from there', async () => {
    const on = await stage({ enrolment: { reEnrolmentDelayMs: 60_000 } }, false)
    const at = Date.now()
    expect(await consume(eventOf(on, 1, at))).toHaveLength(1)
    expect(await consume(eventOf(on, 1, at + 59_999))).toHaveLength(0)
    expect(await consume(eventOf(on, 1, at + 60_000))).toHaveLength(1)
    expect((await rowsOf(on)).map(({ reason, ended_by }) => reason ?? ended_by)).toEqual([
      'finished',
      're_enrolment_delay',
      'finished',
    ])
  })

  test('asks nobody where the version says nothing', async () => {
    const on = await stage({})
    await consume(eventOf(on))
    await consume(eventOf(on))
    expect(await rowsOf(on)).toEqual([])
  })

  test('G4: decides nothing for another organization', async () => {
    const on = await stage({ enrolment: {} })
    await expect(async () => stubOf(on).enrol(newId('organization'), '{}')).rejects.toThrow('another organization')
    await expect(async () => stubOf(on).witness(newId('organization'), '{}')).rejects.toThrow('another organization')
  })
})

describe('a goal', () => {
  test('reached while the execution waits ends it, and is counted', async () => {
    const on = await stage({ enrolment: {}, goals: [paidMuch('exit')] })
    const first = eventOf(on)
    const id = executionFor(on, first)
    await consume(first)
    await consume(bare(eventOf(on, 50)))
    expect(await statusOf(on, id)).toMatchObject({ status: 'waiting' })
    const deciding = bare(eventOf(on, 500))
    await consume(deciding)
    const ended = await eventually(async () => {
      const now = await statusOf(on, id)
      return now?.status === 'cancelled' ? now : undefined
    })
    expect(ended.message).toContain('Goal “Paid much” achieved.')
    await consume(deciding)
    const [row] = await rowsOf(on)
    expect(row).toMatchObject({ ended_by: 'goal_achieved', pending: null })
    expect(JSON.parse(row!.goals)).toEqual([{ id: 'much', at: deciding.at }])
    const count = await eventually(async () => {
      const found = await env.LOGS.prepare('SELECT count(*) AS n FROM goal_achievements WHERE workflow_id = ?')
        .bind(on.workflowId)
        .first<{ n: number }>()
      return found?.n === 0 ? undefined : found?.n
    })
    expect(count).toBe(1)
  })

  test('sends the execution to its step', async () => {
    const on = await stage({ goals: [paidMuch('goto', 'thanks')] })
    const first = eventOf(on)
    await consume(first)
    await consume(bare(eventOf(on, 500)))
    const ended = await eventually(async () => {
      const now = await statusOf(on, executionFor(on, first))
      return now?.status === 'completed' ? now : undefined
    })
    expect(ended.steps).toEqual(['on completed', 'pause cancelled', 'thanks completed'])
    await eventually(async () => ((await rowsOf(on))[0]?.ended_by === 'finished' ? true : undefined))
  })

  test('reached before the execution has begun reaches it when it has, by the alarm', async () => {
    const on = await stage({ enrolment: {}, goals: [paidMuch('exit')] })
    const first = eventOf(on)
    const id = executionFor(on, first)
    const { organizationId, workflowId, versionId } = on
    const { eventId, at, data: event } = first
    const rules = { enrolment: {}, goals: [paidMuch('exit')] }
    const ask = { id, workflowId, versionId, eventId, at, event, rules }
    await stubOf(on).enrol(organizationId, JSON.stringify(ask))
    await consume(bare(eventOf(on, 500)))
    expect((await rowsOf(on))[0]?.pending).toContain('leave')
    await evictDurableObject(stubOf(on))
    await consume(first)
    expect(await statusOf(on, id)).toMatchObject({ status: 'waiting' })
    await runDurableObjectAlarm(stubOf(on))
    await eventually(async () => ((await statusOf(on, id))?.status === 'cancelled' ? true : undefined))
    expect((await rowsOf(on))[0]?.pending).toBeNull()
  })

  test('does not count for whom the same event lets in, nor for whom it is older than', async () => {
    const on = await stage({ goals: [paidMuch('exit')] })
    const first = eventOf(on, 500)
    await consume(first)
    await consume(first)
    await consume(bare(eventOf(on, 500, first.at - 1)))
    expect(await statusOf(on, executionFor(on, first))).toMatchObject({ status: 'waiting' })
  })

  test('exit conditions see the contact as it stands, and end the execution', async () => {
    const exitConditions = {
      operator: 'AND' as const,
      conditions: [{ field: 'contact.firstName', operator: '==' as const, value: 'Ada' }],
    }
    const on = await stage({
      enrolment: {
        exitConditions: {
          operator: 'AND',
          conditions: [exitConditions, { field: 'event.data.total', operator: '>', value: 100 }],
        },
      },
    })
    const first = eventOf(on)
    await consume(first)
    await consume(bare(eventOf(on, 101)))
    await eventually(async () =>
      (await statusOf(on, executionFor(on, first)))?.status === 'cancelled' ? true : undefined,
    )
    expect((await rowsOf(on))[0]).toMatchObject({ ended_by: 'exit_conditions' })
  })
})
