// Who is let into a workflow, on real objects: one decision per contact at a time, whatever dies in between.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { readChange } from '../../worker/contacts/read-change.ts'
import type { ContactLimits } from '../../worker/contract/contact-limits.ts'
import type { Goal } from '../../worker/contract/enrolment.ts'
import type { GraphSettings } from '../../worker/contract/graph.ts'
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
import type { AcceptedTrigger } from '../../worker/runtime/inbox/accepted-trigger.ts'
import type { EnrolmentAsk } from '../../worker/runtime/contact/enrol.ts'
import { consumeTrigger } from '../../worker/runtime/queues/consume-trigger.ts'
import { createContactRuntime } from '../../worker/runtime/contact/contact-runtime.ts'
import { contactOf } from '../../worker/runtime/contact/contact-stub.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { waitersOf } from '../../worker/runtime/waiters/waiter-stub.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { publishWorkflow } from '../../worker/usecases/workflows/publish-workflow.ts'
import { makeContext } from '../support/people.ts'
import { eventually, graph, node, publish, runtime } from '../support/published.ts'

const contacts = createContactRuntime(env)

//  on order.* ──► pause ──► late       thanks
//             (or: on ──► late)
const drawn = (settings: Pick<GraphSettings, 'enrolment' | 'goals' | 'beyondContactLimits'>, waits = true) => ({
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

/** What a contact is asked for an execution, by rules that let everybody in. */
const askFor = (
  { workflowId, versionId }: Stage,
  { eventId, at, data: event }: AcceptedTrigger,
  id: ExecutionId,
): EnrolmentAsk => ({ id, workflowId, versionId, eventId, at, event, rules: { enrolment: {}, goals: [] } })

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

  test('is not kept out for ever by one that was let in and never began', async () => {
    const on = await stage({ enrolment: {} })
    const old = eventOf(on, 1, Date.now() - 25 * 3_600_000)
    await stubOf(on).enrol(on.organizationId, JSON.stringify(askFor(on, old, executionFor(on, old))))
    await consume(eventOf(on))
    expect((await rowsOf(on)).map(({ reason }) => reason)).toEqual([null, 'already_enrolled'])
    await eventually(async () => ((await rowsOf(on))[0]?.ended === null ? undefined : true))

    const last = eventOf(on)
    await consume(last)
    expect(await statusOf(on, executionFor(on, last))).toMatchObject({ status: 'waiting' })
    // That one has begun, however long ago: it is asked, and stays.
    await consume(eventOf(on, 1, Date.now() + 25 * 3_600_000))
    await eventually(async () => ((await rowsOf(on)).every(({ pending }) => pending === null) ? true : undefined))
    expect((await rowsOf(on)).filter(({ ended, reason }) => ended === null && reason === null)).toHaveLength(1)
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

  test('sends it there once, also when nobody heard that it went', async () => {
    const on = await stage({ goals: [paidMuch('goto', 'pause')] })
    const first = eventOf(on)
    await consume(first)
    await consume(bare(eventOf(on, 500)))
    const stepsOnceTold = async () => {
      await eventually(async () => ((await rowsOf(on))[0]?.pending === null ? true : undefined))
      return (await statusOf(on, executionFor(on, first)))?.steps
    }
    const order = { kind: 'goTo', nodeId: 'pause', reason: 'Goal “Paid much” achieved.', goalId: 'much' }
    const steps = ['on completed', 'pause cancelled', 'pause#2 waiting']
    expect(await stepsOnceTold()).toEqual(steps)
    await runInDurableObject(stubOf(on), async (_, { storage }) => {
      storage.sql.exec('UPDATE enrolments SET pending = ?', JSON.stringify(order))
      await storage.setAlarm(Date.now() + 60_000)
    })
    await runDurableObjectAlarm(stubOf(on))
    expect(await stepsOnceTold()).toEqual(steps)
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

  test('by an event that overtook the one that let the contact in counts all the same', async () => {
    const on = await stage({ enrolment: {}, goals: [paidMuch('exit')] })
    const now = Date.now()
    const first = eventOf(on, 1, now)
    await consume(bare(eventOf(on, 500, now + 5)))
    await consume(first)
    const row = await eventually(async () => {
      const [only] = await rowsOf(on)
      return only?.ended_by === 'goal_achieved' ? only : undefined
    })
    expect(JSON.parse(row.goals)).toEqual([{ id: 'much', at: now + 5 }])
    await eventually(async () => {
      await runDurableObjectAlarm(stubOf(on))
      return (await statusOf(on, executionFor(on, first)))?.status === 'cancelled' ? true : undefined
    })
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

/** A workflow that keeps what it hears of a type of event. */
const keeping = (eventType: string) =>
  graph(
    [
      node('on', 'trigger.event', { eventType }),
      node('keep', 'data.set', {
        fields: [
          { name: 'data', value: '{{ trigger.data }}' },
          { name: 'cause', value: '{{ trigger.cause }}' },
          { name: 'contactId', value: '{{ trigger.contactId }}' },
        ],
      }),
    ],
    'on>keep',
  )

/** What the listener kept, once it heard so often; from its journals. */
const heardBy = ({ workflowId }: { workflowId: WorkflowId }, times: number) =>
  eventually(async () => {
    const { results } = await env.LOGS.prepare(
      `SELECT j.text FROM executions AS e JOIN journals AS j ON j.execution_id = e.id
       WHERE e.workflow_id = ? AND e.finished_at IS NOT NULL ORDER BY e.id`,
    )
      .bind(workflowId)
      .all<{ text: string }>()
    const kept = results.map(({ text }) => {
      const entries = JSON.parse(text) as { events: { node?: string; output?: Record<string, unknown> }[] }[]
      return entries.flatMap(({ events }) => events).find((event) => event.node === 'keep')?.output
    })
    return kept.length >= times ? kept : undefined
  })

describe('who listens', () => {
  test('hears of who was not let in, once, with the reason and its cause', async () => {
    const on = await stage({ enrolment: {} })
    const listener = await publish(keeping('enrollment:blocked'), on.organizationId)
    await consume(eventOf(on))
    const blocked = eventOf(on)
    await consume(blocked)
    await evictDurableObject(stubOf(on))
    await consume(blocked)
    await consume(eventOf({ ...on, contactId: newId('contact') }))
    const last = eventOf(on)
    await consume(last)
    const heard = await heardBy(listener, 2)
    expect(heard).toHaveLength(2)
    expect(heard).toContainEqual({
      data: { workflow: { id: on.workflowId, name: 'Any' }, eventId: blocked.eventId, reason: 'already_enrolled' },
      cause: {
        root: blocked.eventId,
        depth: 1,
        path: [on.workflowId],
        by: { kind: 'execution', executionId: executionFor(on, blocked), workflowId: on.workflowId, step: 'on' },
      },
      contactId: on.contactId,
    })
  })

  test('hears of a goal, once, however often the event comes', async () => {
    const on = await stage({ goals: [paidMuch('continue')] })
    const listener = await publish(keeping('goal:achieved'), on.organizationId)
    const first = eventOf(on)
    await consume(first)
    const deciding = bare(eventOf(on, 500))
    await consume(deciding)
    await evictDurableObject(stubOf(on))
    await consume(deciding)
    await consume(bare(eventOf(on, 600)))
    const [kept, ...more] = await heardBy(listener, 1)
    expect(more).toEqual([])
    expect(kept).toMatchObject({
      data: {
        workflow: { id: on.workflowId },
        executionId: executionFor(on, first),
        goal: { id: 'much', name: 'Paid much' },
        eventId: deciding.eventId,
      },
      cause: { root: deciding.eventId, path: [on.workflowId], by: { executionId: executionFor(on, first) } },
    })
  })

  test('R1: is told by the alarm where the process died, and nothing is kept where nobody listens', async () => {
    const on = await stage({ enrolment: {} })
    await consume(eventOf(on))
    await consume(eventOf(on))
    const tables = () =>
      runInDurableObject(stubOf(on), (_, { storage }) =>
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'enrolment_events'").toArray(),
      )
    expect(await tables()).toEqual([])
    const listener = await publish(keeping('enrollment:blocked'), on.organizationId)
    const announced = { workflow: { id: on.workflowId, name: 'Any' }, nodeId: 'on' }
    const ask = { ...askFor(on, eventOf(on), newId('execution')), announced }
    await stubOf(on).enrol(on.organizationId, JSON.stringify(ask))
    await evictDurableObject(stubOf(on))
    await runDurableObjectAlarm(stubOf(on))
    expect(await heardBy(listener, 1)).toHaveLength(1)
  })

  test('K1: to itself is stopped like any other loop', async () => {
    const on = await stage({ enrolment: {} })
    const looping = await publish(
      { ...keeping('enrollment:blocked'), settings: { enrolment: { limit: 1, allowMultiple: true } } },
      on.organizationId,
    )
    await consume(eventOf(on))
    await consume(eventOf(on))
    await heardBy(looping, 1)
    await consume(eventOf(on))
    const refused = await eventually(async () => {
      const row = await env.LOGS.prepare(
        "SELECT json_extract(failure, '$.code') AS code FROM executions WHERE workflow_id = ? AND status = 'skipped'",
      )
        .bind(looping.workflowId)
        .first<{ code: string }>()
      return row?.code
    })
    expect(refused).toBe('loop_detected')
    expect((await rowsOf(on)).filter(({ reason }) => reason === 'limit_reached')).toHaveLength(3)
  })
})

describe('a contact that is deleted', () => {
  test('leaves whatever it is in: the executions end, and say why', async () => {
    const on = await stage({ enrolment: {} })
    const first = eventOf(on)
    await consume(first)
    expect(await statusOf(on, executionFor(on, first))).toMatchObject({ status: 'waiting' })
    const by = { kind: 'member' as const, userId: newId('user') }
    await contacts.change(on.organizationId, on.contactId, { deed: { kind: 'delete' }, by })
    const ended = await eventually(async () => {
      const now = await statusOf(on, executionFor(on, first))
      return now?.status === 'cancelled' ? now : undefined
    })
    expect(ended.message).toContain('The contact was deleted.')
    const row = await eventually(async () => {
      const found = await env.LOGS.prepare('SELECT ended_by FROM enrolments WHERE workflow_id = ?')
        .bind(on.workflowId)
        .first<{ ended_by: string | null }>()
      return found?.ended_by ?? undefined
    })
    expect(row).toBe('contact_deleted')
    await consume(eventOf(on))
    expect(await rowsOf(on)).toHaveLength(1)
  })

  test('leaves no event behind that somebody could look back at, but what is still to be brought', async () => {
    const on = await stage({})
    const { organizationId, contactId } = on
    const waiters = waitersOf(env, organizationId, contactId)
    const heard = (id: string) => ({ id, type: 'order.paid', at: Date.now(), data: { name: 'Ada' } })
    await waiters.hear(organizationId, JSON.stringify(heard(newId('event'))))
    const by = { kind: 'member' as const, userId: newId('user') }
    await contacts.change(organizationId, contactId, { deed: { kind: 'delete' }, by })
    await eventually(async () => {
      const { deleted } = await runInDurableObject(stubOf(on), (_, { storage }) => {
        const [row] = storage.sql.exec('SELECT count(*) AS n FROM outbox').toArray()
        return { deleted: row?.['n'] === 0 }
      })
      return deleted ? true : undefined
    })
    // As if it had been deleted a while ago.
    await runInDurableObject(stubOf(on), (_, { storage }) => {
      storage.sql.exec('UPDATE contact SET at = ?', Date.now() - 3_600_000)
    })
    await runDurableObjectAlarm(stubOf(on))
    const tables = await runInDurableObject(waiters, (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'events'").toArray(),
    )
    expect(tables).toEqual([])
    const again = await runInDurableObject(stubOf(on), (_, { storage }) => storage.getAlarm())
    expect(again).toBeGreaterThan(Date.now() + 6 * 86_400_000)
  })

  test('G10: is forgotten for nobody of another organization', async () => {
    const { organizationId, contactId } = await stage({})
    const waiters = waitersOf(env, organizationId, contactId)
    await expect(async () => waiters.forgetEvents(newId('organization'))).rejects.toThrow('another organization')
  })
})

async function limit(organizationId: OrganizationId, limits: ContactLimits): Promise<void> {
  await env.DB.prepare('INSERT OR REPLACE INTO contact_limits (organization_id, limits, updated_at) VALUES (?, ?, 0)')
    .bind(organizationId, JSON.stringify(limits))
    .run()
  await runtime().routesChanged(organizationId)
}

describe('limits per contact', () => {
  const reasons = async (on: Stage) => (await rowsOf(on)).map(({ reason }) => reason)

  test('count over all workflows, also those that say nothing, and say when there is room again', async () => {
    const on = await stage({}, false)
    await publish(keeping('order.paid'), on.organizationId)
    await limit(on.organizationId, { executions: { limit: 3, windowMs: 3_600_000 } })
    const [first, second] = [eventOf(on), eventOf(on)]
    expect(await consume(first)).toHaveLength(2)
    expect(await consume(second)).toHaveLength(1)
    // The same event gets the same answer, and does not count twice.
    expect(await consume(first)).toHaveLength(2)
    expect(await consume(second)).toHaveLength(1)
    expect(await reasons(on)).toEqual(['contact_limit'])
    const row = await eventually(async () => {
      const found = await env.LOGS.prepare('SELECT reason, retry_at AS retryAt FROM enrolments WHERE contact_id = ?')
        .bind(on.contactId)
        .first<{ reason: string; retryAt: number }>()
      return found ?? undefined
    })
    expect(row).toEqual({ reason: 'contact_limit', retryAt: first.at + 3_600_000 })
    expect(await consume(eventOf(on, 1, first.at + 3_600_001))).toHaveLength(2)
  })

  test('let others of the organization through, and workflows that are left out of them', async () => {
    const on = await stage({ beyondContactLimits: true }, false)
    await publish(keeping('order.paid'), on.organizationId)
    await limit(on.organizationId, { executions: { limit: 1, windowMs: 3_600_000 } })
    expect(await consume(eventOf(on))).toHaveLength(2)
    expect(await consume(eventOf(on))).toHaveLength(1)
    const other = await stage({}, false)
    expect(await consume(eventOf(other))).toHaveLength(1)
    await limit(on.organizationId, { executions: null })
    expect(await consume(eventOf(on))).toHaveLength(2)
  })

  test('come after what the workflow says, and take nobody in that it keeps out', async () => {
    const on = await stage({ enrolment: { limit: 1, allowMultiple: true } }, false)
    await limit(on.organizationId, { executions: { limit: 2, windowMs: 3_600_000 } })
    await consume(eventOf(on))
    await consume(eventOf(on))
    await consume(eventOf(on))
    expect((await reasons(on)).filter((reason) => reason !== null)).toEqual(['limit_reached', 'limit_reached'])
  })
})
