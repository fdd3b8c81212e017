import { listDurableObjectIds } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Graph } from '../../worker/contract/graph.ts'
import { Simulation } from '../../worker/contract/simulate.ts'
import { TestRequest, TestResult } from '../../worker/contract/workflow-test.ts'
import { newId } from '../../worker/lib/id.ts'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { createExecutionRuntime } from '../../worker/runtime/operations/execution-runtime.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { publishWorkflow } from '../../worker/usecases/workflows/publish-workflow.ts'
import { simulateWorkflow } from '../../worker/usecases/simulate/simulate-workflow.ts'
import { testWorkflow } from '../../worker/usecases/test/test-workflow.ts'
import { drawn, ifEqual, journey, journeyRequest, wait } from '../simulate/support.ts'
import { makeApi, type Member } from '../support/api.ts'
import { contextOf, makeContext, makeKey } from '../support/people.ts'

const nodes = { describe: describeNodeTypes, validate: validateGraph }
const api = makeApi({ nodes })
let ada: Member

const always = { operator: 'AND', conditions: [{ field: 'trigger.type', operator: '==', value: 'manual' }] }

const call = (path: string) => ['http.request', { method: 'POST', url: `https://sink.example.com${path}` }] as const

//  start ─► mail ─► rest ─► ok? ─true──► thank
const mailing = (path = '/ok/mail') =>
  drawn(
    {
      start: ['trigger.manual'],
      mail: [...call(path)],
      rest: wait('3 days'),
      ok: ifEqual('steps.mail.body.ok', true),
      thank: [...call(path)],
    },
    ['start > mail', 'mail > rest', 'rest > ok', 'ok.true > thank'],
  )

async function create(as: Member, graph: Graph = mailing()): Promise<string> {
  const { data } = await api.send('POST', '/api/v2/workflows', { as, body: { name: 'Mailing', graph } })
  return data.id
}

const tested = (id: string, body: object = {}, as = ada) =>
  api.send('POST', `/api/v2/workflows/${id}/test`, { as, body })
const simulated = (id: string, body: object = {}, as = ada) =>
  api.send('POST', `/api/v2/workflows/${id}/simulate`, { as, body })

beforeAll(async () => {
  ada = await api.signUp()
})

describe('a test', () => {
  test('shows what each step would do, gives and takes, and calls nothing', async () => {
    const { status, data } = await tested(await create(ada), { input: { n: 1 }, startAt: '2026-06-01T00:00:00Z' })
    expect(status).toBe(200)
    expect(TestResult.parse(data)).toMatchObject({
      status: 'completed',
      triggerNodeId: 'start',
      triggerData: { type: 'manual', data: { n: 1 } },
      versionNumber: 0,
      path: ['start', 'mail', 'rest', 'ok', 'thank'],
      durationMs: 3 * 86_400_000,
      startedAt: '2026-06-01T00:00:00.000Z',
      finishedAt: '2026-06-04T00:00:00.000Z',
      calls: { real: 0, pretend: 2 },
    })
    expect(data.steps[1]).toMatchObject({
      nodeId: 'mail',
      status: 'completed',
      port: 'out',
      input: { method: 'POST', url: 'https://sink.example.com/ok/mail' },
      output: { status: 200 },
      effect: { kind: 'pretend', does: 'POST https://sink.example.com/ok/mail', from: 'example' },
    })
    expect(data.journal.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3, 4])
    expect(api.runtime.calls).toEqual([])
    expect((await tested(await create(ada), { journal: false })).data).not.toHaveProperty('journal')
  })

  test('says whether what was expected came about', async () => {
    const id = await create(ada)
    const expected = { status: 'completed', visits: ['thank'], that: ['steps.mail.status == 200'] }
    expect((await tested(id, { expect: expected })).data.expectations.passed).toBe(true)
    const steps = { mail: { output: { body: { ok: false } } } }
    const { data } = await tested(id, { expect: expected, steps })
    expect(data.expectations.passed).toBe(false)
    expect(data.expectations.checks.filter(({ passed }: { passed: boolean }) => !passed)).toMatchObject([
      { about: 'visits.thank' },
      { about: 'that steps.mail.status == 200' },
    ])
  })

  test('takes a published version, or a graph that is not saved', async () => {
    const id = await create(ada)
    const { data: version } = await api.send('POST', `/api/v2/workflows/${id}/publish`, { as: ada })
    expect((await tested(id, { version: version.id })).data).toMatchObject({ versionNumber: 1 })
    const graph = drawn({ go: ['trigger.manual'], done: ['flow.end'] }, ['go > done'])
    expect((await tested(id, { graph })).data.path).toEqual(['go', 'done'])
    const unknown = await tested(id, { version: newId('version') })
    expect([unknown.status, unknown.error.code]).toEqual([404, 'version.not_found'])
    expect((await tested(id, { version: version.id, graph })).error.code).toBe('request.invalid')
  })

  test('G7: says which of the names it was given are no steps, or call nothing', async () => {
    const { error } = await tested(await create(ada), {
      steps: { nobody: { output: 1 } },
      realSteps: ['mail', 'ok', 'none'],
      stopAt: 'x',
    })
    expect(error.details.problems).toEqual([
      { path: 'steps.nobody', message: 'is no step of this workflow' },
      { path: 'realSteps.2', message: 'is no step of this workflow' },
      { path: 'stopAt', message: 'is no step of this workflow' },
    ])
    const pure = await tested(await create(ada), { realSteps: ['mail', 'ok'] })
    expect(pure.error.details.problems).toEqual([
      { path: 'realSteps.1', message: 'is a step that makes no calls of its own' },
    ])
  })

  test('masks credentials, in steps and in the journal', async () => {
    const graph = drawn(
      {
        start: ['trigger.manual'],
        call: [
          'http.request',
          { method: 'GET', url: 'https://x.example', headers: { Authorization: 'Bearer secret-1' } },
        ],
      },
      ['start > call'],
    )
    const { text, data } = await tested(await create(ada, graph))
    expect(data.steps[1].input.headers).toEqual({ Authorization: '***' })
    expect(text.match(/secret-1/g)).toHaveLength(1) // the graph, which is the caller's own
    expect(text).not.toMatch(/"journal":.*secret-1/)
  })

  test('of what is archived or has no trigger is refused', async () => {
    const id = await create(ada)
    const none = await tested(id, { graph: drawn({ done: ['flow.end'] }, []) })
    expect([none.status, none.error.code]).toEqual([422, 'workflow.no_trigger'])
    await api.send('POST', `/api/v2/workflows/${id}/archive`, { as: ada })
    expect((await tested(id)).error.code).toBe('workflow.archived')
  })

  test('I6: that goes round for ever ends, and says why', async () => {
    const ring = drawn({ start: ['trigger.manual'], rest: wait('1 minute') }, ['start > rest', 'rest > rest'])
    const { status, data } = await tested(await create(ada, ring), { journal: false })
    expect([status, data.status, data.failure.code]).toEqual([200, 'failed', 'execution.too_many_steps'])
  })
})

describe('G5: who may', () => {
  test('test and simulate: whoever may execute, and see what flows', async () => {
    const id = await create(ada)
    const key = (scopes: Parameters<typeof makeKey>[2]) => makeKey(ada.userId, ada.organizationId, scopes)
    const ask = async (what: string, secret: string, body: object = {}) => {
      const { status, error } = await api.send('POST', `/api/v2/workflows/${id}/${what}`, { key: secret, body })
      return [status, error?.details?.needs]
    }
    const looking = await key(['workflow.read', 'execution.read_payload'])
    expect([await ask('test', looking), await ask('simulate', looking)]).toEqual([
      [403, 'workflow.execute'],
      [403, 'workflow.execute'],
    ])
    const blind = await key(['workflow.execute'])
    expect([await ask('test', blind), await ask('simulate', blind)]).toEqual([
      [403, 'execution.read_payload'],
      [200, undefined],
    ])
    const operating = await key(['workflow.execute', 'execution.read_payload'])
    const graph = mailing('/ok/of-their-own')
    expect([
      await ask('test', operating, { realSteps: ['mail'] }),
      await ask('test', operating, { graph }),
      await ask('test', operating, { graph, realSteps: ['mail'] }),
    ]).toEqual([
      [200, undefined],
      [200, undefined],
      [403, 'workflow.write'],
    ])
  })

  test('G1: nobody tests or simulates what another organization has', async () => {
    const id = await create(ada)
    const eve = await api.signUp('Eve')
    expect([(await tested(id, {}, eve)).status, (await simulated(id, {}, eve)).status]).toEqual([404, 404])
  })
})

describe('a simulation', () => {
  test('counts a thousand contacts over thirty days of a ten-node workflow, the same each time', async () => {
    const id = await create(ada, journey())
    const { status, data } = await simulated(id, { ...journeyRequest, startAt: '2026-06-01T00:00:00Z' })
    expect(status).toBe(200)
    expect(Simulation.parse(data)).toMatchObject({ contacts: 1_000, steps: 9_000, outcomes: { completed: 1_000 } })
    const again = await simulated(id, { ...journeyRequest, startAt: '2026-06-01T00:00:00Z' })
    expect(again.data).toEqual(data)
  })

  test('sends contacts in as what the trigger takes', async () => {
    const samples = [{ total: 5 }]
    const seen = async (type: string, params: object, field: string) => {
      const graph = drawn({ start: [type, { ...params }], ok: ifEqual(field, 5), yes: ['flow.end'] }, [
        'start > ok',
        'ok.true > yes',
      ])
      const { data } = await simulated(await create(ada, graph), { contacts: 3, samples })
      return data.edges.at(-1).count
    }
    expect(await seen('trigger.manual', {}, 'trigger.data.total')).toBe(3)
    expect(await seen('trigger.webhook', { verification: 'none' }, 'trigger.body.total')).toBe(3)
    expect(await seen('trigger.event', { eventType: 'order.paid' }, 'trigger.data.total')).toBe(3)
  })

  test('of a workflow about contacts: an event that one of them causes reaches its own execution', async () => {
    const graph = drawn(
      {
        start: ['trigger.event', { eventType: 'contact.created' }],
        opened: ['flow.waitForEvent', { eventType: 'mail.opened', atMost: '2 days' }],
        yes: ['flow.end'],
      },
      ['start > opened', 'opened > yes'],
    )
    const events = [{ name: 'mail.opened', probability: 0.5, withinHours: 40 }]
    const { data } = await simulated(await create(ada, graph), { contacts: 200, events })
    expect(data.failures).toEqual([])
    expect(data.edges.at(-1).count).toBe(data.events[0].count)
    expect(Math.abs(data.events[0].count - 100)).toBeLessThan(30)
  })

  test('of a workflow with problems is refused with them', async () => {
    const graph = drawn({ start: ['trigger.manual'], call: ['http.request', { method: 'GET', url: '' }] }, [
      'start > call',
    ])
    const { status, error } = await simulated(await create(ada, graph))
    expect([status, error.code, error.details.problems[0].nodeId]).toEqual([422, 'workflow.invalid', 'call'])
  })

  test('I6: of a workflow that goes round too often is stopped, and says how far it came', async () => {
    const graph = drawn(
      {
        start: ['trigger.manual'],
        round: ['flow.while', { condition: always, maxIterations: 900, atLimit: 'stop' }],
        again: ['data.set', { fields: [{ name: 'n', value: '{{ loop.index }}' }] }],
      },
      ['start > round', 'round.body > again'],
    )
    const { status, error } = await simulated(await create(ada, graph), { contacts: 1_000 })
    expect([status, error.code]).toEqual([422, 'simulation.too_large'])
    expect(error.details).toMatchObject({ limit: 'steps', most: 250_000, contacts: expect.any(Number) })
    expect(error.message).toMatch(/round for ever/)
  })

  test('is one at a time for an organization, and lets everybody else in between', async () => {
    const id = await create(ada, journey())
    const [one, two, read] = await Promise.all([
      simulated(id, journeyRequest),
      simulated(id, journeyRequest),
      api.send('GET', `/api/v2/workflows/${id}`, { as: ada }),
    ])
    expect(new Set([one.status, two.status])).toEqual(new Set([200, 429]))
    expect(read.status).toBe(200)
    expect((await simulated(id, journeyRequest)).status).toBe(200)
  })

  test('G7: takes what it knows, within its limits', async () => {
    const id = await create(ada)
    for (const body of [
      { contacts: 10_001 },
      { contacts: 0 },
      { days: 366 },
      { samples: [] },
      { fields: { __proto__x: { value: 1 } } },
      { fields: { a: { chance: 2 } } },
      { events: [{ name: 'a b', probability: 1, withinHours: 1 }] },
      { arrivals: { pattern: 'times', hours: [] } },
      { nodes: { nobody: {} } },
      { seed: '' },
      { unknown: 1 },
    ]) {
      const { status, error } = await simulated(id, body)
      expect([status, error?.code], JSON.stringify(body)).toEqual([400, 'request.invalid'])
    }
  })
})

describe('on the real databases and objects', () => {
  interface Row {
    organization_id?: string | null
  }

  /** What there is, of this organization and of no earlier one. */
  const everything = async (organizationId: string) => ({
    db: await rowsOf(env.DB, organizationId),
    logs: await rowsOf(env.LOGS, organizationId),
    executions: (await listDurableObjectIds(env.EXECUTIONS)).map(String).toSorted(),
    inboxes: (await listDurableObjectIds(env.INBOXES)).map(String).toSorted(),
  })

  /** Without what organizations of earlier tests began and is still on its way: ids are in the order in which they were made. */
  async function rowsOf(database: D1Database, organizationId: string): Promise<Record<string, unknown[]>> {
    const { results } = await database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`)
      .all<{ name: string }>()
    const answers = await database.batch(results.map(({ name }) => database.prepare(`SELECT * FROM "${name}"`)))
    const counts = (row: unknown) => ((row as Row).organization_id ?? organizationId) >= organizationId
    return Object.fromEntries(results.map(({ name }, index) => [name, answers[index]!.results.filter(counts)]))
  }

  const withoutAudit = ({ db, ...rest }: Awaited<ReturnType<typeof everything>>) => {
    // What SQLite counts, it counts for the audit.
    const { audit_entries: audit = [], sqlite_sequence: _, ...tables } = db
    return { audit: audit.length, rest: { ...rest, tables } }
  }

  const onError = fc.constantFrom(undefined, 'stop' as const, 'continue' as const)
  const calling = fc.record({
    kind: fc.constant('call' as const),
    path: fc.constantFrom('ok', 'fail/1', 'status/500', 'status/404'),
    onError,
  })
  const step = fc.oneof(
    { weight: 2, arbitrary: calling },
    fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 0, max: 1_000 }) }),
    fc.record({ kind: fc.constant('set' as const) }),
    fc.record({ kind: fc.constant('if' as const) }),
  )

  /** A chain of these steps, whatever they are. */
  function chain(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[], name: string): Graph {
    const made = steps.map((one, index): [string, Parameters<typeof drawn>[0][string]] => {
      const id = `n${index}`
      switch (one.kind) {
        case 'call':
          return [
            id,
            [
              'http.request',
              { method: 'POST', url: `https://sink.example.com/${one.path}/${name}-${index}` },
              { retry: { maxRetries: 1, delayMs: 1, jitter: 'none' }, ...(one.onError && { onError: one.onError }) },
            ],
          ]
        case 'wait':
          return [id, wait(`${one.hours} hours`)]
        case 'set':
          return [id, ['data.set', { fields: [{ name: 'n', value: '{{ trigger.data.n + 1 }}' }] }]]
        case 'if':
          return [id, ifEqual('trigger.data.n', 1)]
      }
    })
    const ports = [{ kind: 'set' as const }, ...steps].map(({ kind }) => (kind === 'if' ? 'true' : 'out'))
    return drawn(
      { start: ['trigger.manual'], ...Object.fromEntries(made) },
      made.map(([id], index) => `${index === 0 ? 'start' : made[index - 1]![0]}.${ports[index]} > ${id}`),
    )
  }

  // Feature: automations-workflows, Property 29: Test Execution Isolation
  test('a test leaves no row in any table and no object; a real call leaves its line in the audit', async () => {
    const base = await makeContext({ nodes })
    const context = { ...base, runtime: createExecutionRuntime(env) }
    const { id } = await createWorkflow(context, { name: 'Tried', graph: mailing() })
    await publishWorkflow(context, id, {})
    const { organizationId } = context.scope

    let sent = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom('saved', 'draft', 'draft with real calls', 'draft with real calls'),
        async (steps, n, what) => {
          const isSaved = what === 'saved'
          const name = newId('event')
          const graph = chain(steps, name)
          const calls = graph.nodes.filter(({ type }) => type === 'http.request').map((node) => node.id)
          const realSteps = what === 'draft with real calls' ? calls.slice(0, 2) : []
          const before = withoutAudit(await everything(organizationId))
          const run = await testWorkflow(
            context,
            id,
            TestRequest.parse(isSaved ? { input: { n } } : { graph, input: { n }, realSteps }),
          )
          const after = withoutAudit(await everything(organizationId))

          expect(after.rest).toEqual(before.rest)
          expect(after.audit - before.audit).toBe(realSteps.length > 0 ? 1 : 0)
          expect(run.calls.real > 0).toBe(
            realSteps.length > 0 && run.steps.some(({ effect }) => effect?.kind === 'real'),
          )
          sent += run.calls.real
        },
      ),
      { numRuns: 120 },
    )
    // Some 80, as chains are drawn; none would mean that nothing was tried.
    expect(sent).toBeGreaterThan(5)
  })

  test('a real call arrives once, under a key that no execution has', async () => {
    const base = await makeContext({ nodes })
    const context = { ...base, runtime: createExecutionRuntime(env) }
    const name = newId('event')
    const { id } = await createWorkflow(context, { name: 'Tried', graph: mailing(`/ok/${name}`) })
    const run = await testWorkflow(context, id, TestRequest.parse({ realSteps: ['mail'] }))
    expect(run.calls).toEqual({ real: 1, pretend: run.path.includes('thank') ? 1 : 0 })
    const ledger = await (await fetch(`https://sink.example.com/ledger/${name}`)).json<string[]>()
    expect(ledger).toHaveLength(1)
    expect(ledger[0]).toMatch(/^tst_/)
    expect(run.steps[1]).toMatchObject({ effect: { kind: 'real' }, output: { status: 200 } })
    const audit = await context.audit.list({ limit: 10 })
    expect(audit.items[0]).toMatchObject({ action: 'workflow.tested', targetId: id, details: { realSteps: ['mail'] } })
  })

  test('a simulation leaves nothing at all', async () => {
    const context = await makeContext({ nodes })
    const { id } = await createWorkflow(context, { name: 'Tried', graph: journey() })
    const { organizationId } = context.scope
    const before = await everything(organizationId)
    await simulateWorkflow(context, id, {
      contacts: 50,
      days: 30,
      arrivals: { pattern: 'at_once' },
      events: [],
      messageNodes: [],
      seed: '1',
    })
    expect(await everything(organizationId)).toEqual(before)
  })

  test('a colleague who may only execute sees neither more nor less than that', async () => {
    const owner = await makeContext({ nodes, role: 'owner' })
    const { id } = await createWorkflow(owner, { name: 'Mine', graph: mailing(), visibility: 'organization' })
    const operator = await makeContext({ nodes, role: 'operator' })
    await expect(testWorkflow(operator, id, TestRequest.parse({}))).rejects.toMatchObject({
      code: 'workflow.not_found',
    })
    const same = await contextOf(owner.scope.userId, owner.scope.organizationId, { nodes })
    expect((await testWorkflow(same, id, TestRequest.parse({}))).status).toBe('completed')
  })
})
