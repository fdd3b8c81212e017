// Workflows that go round in a circle, on real objects and queues: each is stopped, people see why, and hear of it once.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { loopLimits } from '../../worker/causality/loop.ts'
import { sameChange } from '../../worker/causality/same-change.ts'
import type { Cause } from '../../worker/contract/cause.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import type { ApiKeyId, EventId, ExecutionId, OrganizationId } from '../../worker/contract/id.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { canonicalJson } from '../../worker/lib/canonical-json.ts'
import { shortHash } from '../../worker/lib/digest.ts'
import { newId } from '../../worker/lib/id.ts'
import type { AcceptedTrigger } from '../../worker/runtime/inbox/accepted-trigger.ts'
import { chainOf } from '../../worker/runtime/causality/chain-stub.ts'
import { consumeTrigger } from '../../worker/runtime/queues/consume-trigger.ts'
import { contactOf } from '../../worker/runtime/contact/contact-stub.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { isolateOf } from '../../worker/runtime/isolate.ts'
import { eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

const { vault } = isolateOf(env)

/** Listens to tags that begin with one word, and gives the contact one that begins with another. */
const tagging = (heard: string, given: string): Graph =>
  graph(
    [
      node('on', 'trigger.event', {
        eventType: 'contact.tag.added',
        conditions: {
          operator: 'AND',
          conditions: [{ field: 'trigger.data.tag', operator: 'starts_with', value: heard }],
        },
      }),
      node('tag', 'contact.tag.add', {
        contactId: '{{ trigger.contactId }}',
        tags: `${given}-{{ trigger.cause.depth }}`,
      }),
    ],
    'on>tag',
  )

const alerted = graph(
  [
    node('on', 'trigger.event', { eventType: 'loop.detected' }),
    node('keep', 'data.set', { fields: [{ name: 'alert', value: '{{ trigger.data }}' }] }),
  ],
  'on>keep',
)

async function makeContact(organizationId: OrganizationId, tag: string) {
  const by = { kind: 'member' as const, userId: newId('user') }
  const deed = { kind: 'create' as const, change: { fields: { firstName: 'Ada' }, add: [tag], remove: [] } }
  const id = newId('contact')
  await contactOf(env, organizationId, id).change(organizationId, { deed, by })
  return contactOf(env, organizationId, id)
}

interface Row {
  id: ExecutionId
  status: string
  failure: string | null
}

/** The executions of a workflow as lists show them, once so many of them are over. */
const over = ({ workflowId }: Published, count: number) =>
  eventually(async () => {
    const { results } = await env.LOGS.prepare(
      'SELECT id, status, failure FROM executions WHERE workflow_id = ? AND finished_at IS NOT NULL ORDER BY id',
    )
      .bind(workflowId)
      .all<Row>()
    return results.length >= count ? results : undefined
  })

const statuses = (rows: readonly Row[]) => rows.map(({ status }) => status).toSorted()

const refusals = (organizationId: OrganizationId, count: number) =>
  eventually(async () => {
    const { results } = await env.DB.prepare(
      `SELECT target_id AS id, via, outcome, details FROM audit_entries
       WHERE organization_id = ? AND action = 'execution.refused' ORDER BY seq`,
    )
      .bind(organizationId)
      .all<{ id: string; via: string; outcome: string; details: string }>()
    return results.length >= count ? results : undefined
  })

describe('a workflow that starts itself', () => {
  test('K1: is not started a fourth time, says why, and is in the audit; who listens hears of it', async () => {
    const looping = await publish(tagging('go', 'go'))
    const { organizationId } = looping
    const listener = await publish(alerted, organizationId)
    const contact = await makeContact(organizationId, 'go')

    const rows = await over(looping, 4)
    expect(statuses(rows)).toEqual(['completed', 'completed', 'completed', 'skipped'])
    const refused = rows.find(({ status }) => status === 'skipped')!
    const { workflowId } = looping
    expect(JSON.parse(refused.failure ?? '')).toMatchObject({
      code: 'loop_detected',
      details: { rule: 'self', depth: 3, path: [workflowId, workflowId, workflowId] },
    })
    expect((await contact.read(organizationId))?.tags).toEqual(['go', 'go-0', 'go-1', 'go-2'])

    const [entry, ...others] = await refusals(organizationId, 1)
    expect(others).toEqual([])
    expect(entry).toMatchObject({ id: refused.id, via: 'system', outcome: 'denied' })
    expect(JSON.parse(entry!.details)).toMatchObject({ reason: 'loop_detected', rule: 'self' })

    const [heard] = await over(listener, 1)
    const execution = await stored(heard!.id)
    expect(execution).toMatchObject({ executionId: refused.id, rule: 'self', workflow: { id: workflowId } })
  })

  test('K1: through another workflow is stopped too, each at its fourth', async () => {
    const one = await publish(tagging('one', 'two'))
    const { organizationId } = one
    const two = await publish(tagging('two', 'one'), organizationId)
    await makeContact(organizationId, 'one')
    expect(statuses(await over(one, 4))).toEqual(['completed', 'completed', 'completed', 'skipped'])
    expect(statuses(await over(two, 3))).toEqual(['completed', 'completed', 'completed'])
  })
})

/** What the alert's listener kept. */
async function stored(id: ExecutionId): Promise<JsonObject> {
  const parts = await env.LOGS.prepare('SELECT text FROM journals WHERE execution_id = ? ORDER BY part')
    .bind(id)
    .all<{ text: string }>()
  const entries = JSON.parse(parts.results.map(({ text }) => text).join('')) as {
    events: { node?: string; output?: { alert: JsonObject } }[]
  }[]
  const events = entries.flatMap((entry) => entry.events)
  return events.find((event) => event.node === 'keep')?.output?.alert ?? {}
}

const causeOf = (workflow: Published, times: number): Cause => ({
  root: newId('event'),
  depth: times,
  path: Array.from({ length: times }, () => workflow.workflowId),
  by: { kind: 'execution', executionId: newId('execution'), workflowId: workflow.workflowId, step: 'call' },
})

const hooked = (respond: string) =>
  graph(
    [
      node('hook', 'trigger.webhook', { methods: ['POST'], respond }),
      node('keep', 'data.set', { fields: [{ name: 'headers', value: '{{ trigger.headers }}' }] }),
    ],
    'hook>keep',
  )

async function send({ hookKey }: Published, body: unknown, token?: string): Promise<Response> {
  return exports.default.fetch(`http://leat.test/hooks/${hookKey}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { 'Leat-Cause': token }) },
    body: JSON.stringify(body),
  })
}

describe('a webhook', () => {
  test('K1: goes on in the chain of the request that called it, and is refused where that is a loop', async () => {
    const hook = await publish(hooked('immediately'))
    const { organizationId } = hook
    const token = (times: number) =>
      vault.signCause({ organizationId, cause: causeOf(hook, times), issuedAt: Date.now() })
    await send(hook, { n: 1 }, await token(2))
    await send(hook, { n: 2 }, await token(3))
    expect(statuses(await over(hook, 2))).toEqual(['completed', 'skipped'])
  })

  test('K1: whose sender waits is told, and the token is not what its workflow reads', async () => {
    const hook = await publish(hooked('finished'))
    const { organizationId } = hook
    const token = (times: number) =>
      vault.signCause({ organizationId, cause: causeOf(hook, times), issuedAt: Date.now() })
    const passed = await send(hook, { n: 1 }, await token(2))
    expect(Object.keys((await passed.json<{ headers: JsonObject }>()).headers)).not.toContain('leat-cause')
    const refused = await send(hook, { n: 2 }, await token(3))
    expect([refused.status, await refused.json()]).toMatchObject([
      502,
      { error: { code: 'hook.failed', details: { status: 'skipped', code: 'loop_detected' } } },
    ])
    expect(statuses(await over(hook, 2))).toEqual(['completed', 'skipped'])
  })

  test('K1: takes no cause from a token that was forged, changed, made for another organization, or is old', async () => {
    const hook = await publish(hooked('immediately'))
    const { organizationId } = hook
    const claims = { organizationId, cause: causeOf(hook, 3), issuedAt: Date.now() }
    const good = await vault.signCause(claims)
    const [version, body = '', mac] = good.split('.')
    const bad = [
      'nonsense',
      `${version}.${body}.${'A'.repeat(43)}`,
      `${version}.${btoa(atob(body.replaceAll('-', '+').replaceAll('_', '/'))).slice(0, -4)}.${mac}`,
      `k9.${body}.${mac}`,
      await vault.signCause({ ...claims, organizationId: newId('organization') }),
      await vault.signCause({ ...claims, issuedAt: Date.now() - 8 * 86_400_000 }),
      await vault.signApproval({
        organizationId,
        approvalId: newId('approval'),
        email: 'eve@example.com',
        expiresAt: Date.now() + 1_000,
      }),
    ]
    for (const [n, token] of bad.entries()) expect((await send(hook, { n }, token)).status).toBe(202)
    expect(statuses(await over(hook, bad.length))).toEqual(bad.map(() => 'completed'))
  })
})

describe('what one event led to', () => {
  const ask = (organizationId: OrganizationId, root: string, id: ExecutionId, at: number) =>
    chainOf(env, organizationId, root).admit(organizationId, id, at)

  test('K2: is at most 1,000 executions within an hour, also when the process dies in between', async () => {
    const [organizationId, root, at] = [newId('organization'), newId('event'), Date.now()]
    const stub = chainOf(env, organizationId, root)
    const ids = Array.from({ length: loopLimits.descendants }, () => newId('execution'))
    const answers = await Promise.all(ids.map((id) => ask(organizationId, root, id, at)))
    expect(answers.every((answer) => answer)).toBe(true)
    const late = newId('execution')
    expect(await ask(organizationId, root, late, at)).toBe(false)
    await eventually(() =>
      runInDurableObject(stub, (_, { storage }) => {
        const kept = storage.kv.get<unknown[]>('admitted')?.length
        return kept === ids.length ? kept : undefined
      }),
    )
    await evictDurableObject(stub)
    expect(await ask(organizationId, root, late, at + 1_000)).toBe(false)
    expect(await ask(organizationId, root, ids[0]!, at + 1_000)).toBe(true)
    expect(await ask(organizationId, root, newId('execution'), at + loopLimits.descendantsWithinMs + 1)).toBe(true)
  })

  test('K1: refused again and again is in the audit each time, and told as an event once an hour', async () => {
    const [organizationId, root] = [newId('organization'), newId('event')]
    const listener = await publish(alerted, organizationId)
    const stub = chainOf(env, organizationId, root)
    const start = () => ({
      executionId: newId('execution'),
      workflow: { id: newId('workflow'), name: 'Round' },
      nodeId: 'on',
      eventId: newId('event'),
      at: Date.now(),
      loop: { rule: 'depth' as const, root, depth: 11, path: [] },
    })
    const starts = [start(), start(), start()]
    for (const each of starts) await stub.refused(organizationId, JSON.stringify(each))
    await stub.refused(organizationId, JSON.stringify(starts[1]))
    await evictDurableObject(stub)
    await stub.refused(organizationId, JSON.stringify(starts[2]))
    const entries = await refusals(organizationId, 3)
    expect(entries.map(({ id }) => id).toSorted()).toEqual(starts.map(({ executionId }) => executionId).toSorted())
    expect(await over(listener, 1)).toHaveLength(1)
    expect(await ask(organizationId, root, starts[0]!.executionId, Date.now())).toBe(false)
  })

  test('what is refused without a pause is kept for a day, and whom to tell is found without reading all of it', async () => {
    const [organizationId, root, now] = [newId('organization'), newId('event'), Date.now()]
    const stub = chainOf(env, organizationId, root)
    const start = (at: number) => ({
      executionId: newId('execution'),
      workflow: { id: newId('workflow'), name: 'Round' },
      nodeId: 'on',
      eventId: newId('event'),
      at,
      loop: { rule: 'depth' as const, root, depth: 11, path: [] },
    })
    // As an earlier release left it, with one of whom it is not known whether anybody heard.
    const [told, untold, recent] = [start(now - 90_000_000), start(now - 90_000_000), start(now - 80_000_000)]
    await runInDurableObject(stub, (_, { storage: { sql } }) => {
      const columns = 'id TEXT PRIMARY KEY, at INTEGER NOT NULL, told TEXT NOT NULL, text TEXT NOT NULL'
      sql.exec(`CREATE TABLE refused (${columns}) WITHOUT ROWID`)
      for (const [one, state] of [
        [told, 'yes'],
        [untold, 'begun'],
        [recent, 'yes'],
      ] as const) {
        sql.exec('INSERT INTO refused VALUES (?, ?, ?, ?)', one.executionId, one.at, state, JSON.stringify(one))
      }
    })
    const latest = start(now)
    await stub.refused(organizationId, JSON.stringify(latest))
    await refusals(organizationId, 2)
    const kept = await eventually(() =>
      runInDurableObject(stub, (_, { storage: { sql } }) => {
        const rows = sql.exec<{ id: string; told: string }>('SELECT id, told FROM refused ORDER BY at').toArray()
        return rows.every((row) => row.told === 'yes') ? rows.map(({ id }) => id) : undefined
      }),
    )
    expect(kept).toEqual([recent.executionId, latest.executionId])
    const detail = await runInDurableObject(stub, (_, { storage: { sql } }) => {
      const text = "EXPLAIN QUERY PLAN SELECT * FROM refused WHERE told <> 'yes' ORDER BY at, id LIMIT 1"
      return sql
        .exec<{ detail: string }>(text)
        .toArray()
        .map((row) => row.detail)
    })
    expect(detail).toEqual(['SCAN refused USING INDEX refused_untold'])
  })

  test('G10: answers nobody of another organization', async () => {
    const [organizationId, root] = [newId('organization'), newId('event')]
    const stub = chainOf(env, organizationId, root)
    await expect(async () => stub.admit(newId('organization'), newId('execution'), Date.now())).rejects.toThrow(
      'another organization',
    )
  })
})

//  on ping ─► never ─► look (which would act: it asks for a contact)
const acting = graph(
  [
    node('on', 'trigger.event', { eventType: 'ping' }),
    node('never', 'flow.filter', {
      conditions: { operator: 'AND', conditions: [{ field: 'trigger.type', operator: 'equals', value: 'pong' }] },
    }),
    node('look', 'contact.find', { by: 'email', value: 'nobody@example.com' }),
  ],
  'on>never',
  'never>look',
)
const quiet = graph([node('on', 'trigger.event', { eventType: 'ping' })])

function ping(organizationId: OrganizationId, at: number, data: JsonObject = {}): AcceptedTrigger {
  const eventId: EventId = newId('event', at)
  const occurredAt = new Date(at).toISOString()
  return {
    organizationId,
    eventId,
    at,
    source: { kind: 'event', eventType: 'ping' },
    data: { type: 'ping', data, id: eventId, occurredAt },
  }
}

async function consumed(published: Published, triggers: readonly AcceptedTrigger[]) {
  const epochs = { shard: 0, epoch: 'any' }
  const results: ('begun' | 'held' | 'refused')[] = []
  for (const trigger of triggers) {
    const { records, entry } = await consumeTrigger(env, trigger, epochs)
    const isRefused = records.some(
      ({ workflowId, status }) => workflowId === published.workflowId && status === 'skipped',
    )
    results.push(isRefused ? 'refused' : entry === 'held' ? 'held' : 'begun')
  }
  return results
}

describe('the same data that nobody is known to have caused', () => {
  test('K1: is held from the thirtieth time within a minute on, and refused a minute later', async () => {
    const looping = await publish(acting)
    const { organizationId } = looping
    const now = Date.now()
    const pings = Array.from({ length: 31 }, (_, index) => ping(organizationId, now + index))
    const answers = await consumed(looping, pings)
    expect(answers).toEqual([...Array<string>(29).fill('begun'), 'held', 'held'])
    expect(await consumed(looping, [ping(organizationId, now + 40, { other: true })])).toEqual(['begun'])
    // It was accepted more than a minute ago, as far as it says.
    const earlier = Array.from({ length: 30 }, (_, index) => ping(organizationId, now - 120_000 + index, { n: 1 }))
    expect((await consumed(looping, earlier)).at(-1)).toBe('refused')
    const [entry] = await refusals(organizationId, 1)
    expect(JSON.parse(entry!.details)).toMatchObject({ rule: 'repeats', workflow: { id: looping.workflowId } })
  })

  test('is nothing to a workflow that does nothing outside, nor where it is known who did it', async () => {
    const harmless = await publish(quiet)
    const now = Date.now()
    const many = Array.from({ length: 40 }, (_, index) => ping(harmless.organizationId, now + index))
    expect(new Set(await consumed(harmless, many))).toEqual(new Set(['begun']))
    const looping = await publish(acting)
    const by: Cause['by'] = { kind: 'member', userId: newId('user') }
    const caused = Array.from({ length: 40 }, (_, index) => ({
      ...ping(looping.organizationId, now + index),
      cause: { root: newId('event'), depth: 0, path: [], by },
    }))
    expect(new Set(await consumed(looping, caused))).toEqual(new Set(['begun']))
  })
})

//  on contact.updated ─► never ─► look
const actingOnChanges: Graph = {
  ...acting,
  nodes: acting.nodes.map((each) => (each.id === 'on' ? { ...each, params: { eventType: 'contact.updated' } } : each)),
}

describe('changes of a contact that came from outside', () => {
  const key: Cause['by'] = { kind: 'apiKey', userId: newId('user'), apiKeyId: 'key_1' as ApiKeyId }
  const contactId = newId('contact')

  /** Each to another value: a loop that changes nothing ends by itself. */
  function changes(
    organizationId: OrganizationId,
    from: number,
    count: number,
    by: Cause['by'] = key,
  ): AcceptedTrigger[] {
    return Array.from({ length: count }, (_, index) => {
      const at = from + index
      const contact = { id: contactId, updatedAt: new Date(at).toISOString() }
      const changed = [{ field: 'custom.round', before: index, after: index + 1 }]
      return {
        ...ping(organizationId, at),
        source: { kind: 'event', eventType: 'contact.updated' },
        contactId,
        cause: { root: newId('event'), depth: 0, path: [], by },
        data: { type: 'contact.updated', data: { contact, changes: changed }, contactId },
      }
    })
  }

  test('K1: by a program, the same field thirty times within a minute, are held, and refused when nothing goes on', async () => {
    const looping = await publish(actingOnChanges)
    const { organizationId } = looping
    const now = Date.now()
    const answers = await consumed(looping, changes(organizationId, now, 31))
    expect(answers).toEqual([...Array<string>(29).fill('begun'), 'held', 'held'])
    const another = await publish(actingOnChanges)
    const earlier = await consumed(another, changes(another.organizationId, now - 120_000, 30))
    expect(earlier).toEqual([...Array<string>(29).fill('begun'), 'refused'])
    const [entry] = await refusals(another.organizationId, 1)
    expect(JSON.parse(entry!.details)).toMatchObject({ rule: 'repeats', workflow: { id: another.workflowId } })
  })

  test('K1: that were held are held still when who counts has died meanwhile', async () => {
    const looping = await publish(actingOnChanges)
    const { organizationId } = looping
    const all = changes(organizationId, Date.now(), 30)
    expect((await consumed(looping, all)).at(-1)).toBe('held')
    const { cause, data } = all[0]!
    const same = sameChange({ eventType: 'contact.updated', contactId, cause, data })
    const root = `repeat:${looping.workflowId}:${shortHash(canonicalJson(same))}`
    await evictDurableObject(chainOf(env, organizationId, root))
    expect(await consumed(looping, all.slice(-1))).toEqual(['held'])
  })

  test('by a program that goes on while they are held, or by a person, are all let in', async () => {
    const busy = await publish(actingOnChanges)
    const { organizationId } = busy
    const from = Date.now() - 30_000
    expect((await consumed(busy, changes(organizationId, from, 30))).at(-1)).toBe('held')
    expect(await consumed(busy, changes(organizationId, from + 30_040, 40))).toEqual([
      'held',
      'held',
      ...Array<string>(38).fill('begun'),
    ])
    const edited = await publish(actingOnChanges)
    const person: Cause['by'] = { kind: 'member', userId: newId('user') }
    const byHand = await consumed(edited, changes(edited.organizationId, Date.now(), 40, person))
    expect(new Set(byHand)).toEqual(new Set(['begun']))
  })
})

test('a refused execution can be started all the same, by somebody who knows better', async () => {
  const hook = await publish(hooked('immediately'))
  const { organizationId } = hook
  const token = await vault.signCause({ organizationId, cause: causeOf(hook, 3), issuedAt: Date.now() })
  await send(hook, { n: 1 }, token)
  const [{ id } = { id: newId('execution') }] = await over(hook, 1)
  expect(await runtime().redrive(organizationId, id, 'ada')).toBe('accepted')
  const ended = await eventually(async () => {
    const found = await runtime().findLive(organizationId, id)
    return found?.status === 'completed' ? found : undefined
  })
  expect([ended.generation, ended.steps.length]).toEqual([2, 2])
})

//  on ping ─► tag (the contact that the event names in its data)
const tagsNamed = graph(
  [
    node('on', 'trigger.event', { eventType: 'ping' }),
    node('tag', 'contact.tag.add', { contactId: '{{ trigger.data.contact }}', tags: 'seen' }),
  ],
  'on>tag',
)
const keepsCause = graph(
  [
    node('on', 'trigger.event', { eventType: 'contact.tag.added' }),
    node('keep', 'data.set', { fields: [{ name: 'alert', value: '{{ trigger.cause }}' }] }),
  ],
  'on>keep',
)

describe('an execution that is tried again when its object is gone', () => {
  /** One that failed in the chain given, and is nowhere but in D1; and who listens to what it will do. */
  async function forgotten(chainTo: (published: Published) => Cause) {
    const failing = await publish(tagsNamed)
    const { organizationId } = failing
    const listener = await publish(keepsCause, organizationId)
    const contact = newId('contact')
    const cause = chainTo(failing)
    await consumeTrigger(env, { ...ping(organizationId, Date.now(), { contact }), cause }, { shard: 0, epoch: 'any' })
    const [failed] = await over(failing, 1)
    expect(failed?.status).toBe('failed')
    const row = await env.LOGS.prepare('SELECT generation, seq FROM executions WHERE id = ?')
      .bind(failed!.id)
      .first<{ generation: number; seq: number }>()
    const object = executionOf(env, organizationId, failed!.id)
    await eventually(async () => (await object.erase(organizationId, row!)) || undefined)
    const deed = { kind: 'create' as const, change: { fields: { firstName: 'Ada' }, add: [], remove: [] } }
    const by = { kind: 'member' as const, userId: newId('user') }
    await contactOf(env, organizationId, contact).change(organizationId, { deed, by })
    return { ...failing, id: failed!.id, cause, heard: async () => stored((await over(listener, 1))[0]!.id) }
  }

  test('K1: goes on in its chain', async () => {
    const { organizationId, workflowId, id, cause, heard } = await forgotten((of) => causeOf(of, 2))
    expect(await runtime().redrive(organizationId, id, 'usr_ada')).toBe('accepted')
    expect(await heard()).toMatchObject({ root: cause.root, depth: 3, path: [workflowId, workflowId, workflowId] })
  })

  test('K1: goes on in that of the step which had it tried again, so that a circle of retries ends', async () => {
    const { organizationId, workflowId, id, heard } = await forgotten((of) => causeOf(of, 1))
    const { by: _by, ...chain } = causeOf(await publish(quiet), 4)
    expect(await runtime().judge(organizationId, { executionId: id, workflowId, cause: chain })).toBeNull()
    expect(await runtime().redrive(organizationId, id, 'usr_ada', undefined, chain)).toBe('accepted')
    expect(await heard()).toMatchObject({ root: chain.root, depth: 5, path: [...chain.path, workflowId] })
    const round = { ...chain, path: [workflowId, workflowId, workflowId] }
    expect(await runtime().judge(organizationId, { executionId: id, workflowId, cause: round })).toMatchObject({
      rule: 'self',
    })
  })
})
