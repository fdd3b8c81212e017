// The correctness properties of what is kept of executions: played by the real engine with the real node types, written
// as the consumer of records writes it, and read back as the API reads it.

import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { ExecutionId, type VersionId, type WorkflowId } from '../../worker/contract/id.ts'
import type { ExecutionListQuery } from '../../worker/contract/execution.ts'
import { executionStatuses } from '../../worker/contract/facts/execution.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import { newId } from '../../worker/lib/id.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { beginExecution } from '../../worker/runtime/start/begin-execution.ts'
import { createPlans } from '../../worker/runtime/plans.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'
import { routeStore } from '../../worker/store/routes.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { getExecution } from '../../worker/usecases/executions/get-execution.ts'
import { listExecutions } from '../../worker/usecases/executions/list-executions.ts'
import { publishWorkflow } from '../../worker/usecases/workflows/publish-workflow.ts'
import { contextOf, makeContext, makeMember, makeOrganization, type TestContext } from '../support/people.ts'

const nodes = { describe: () => [], validate: validateGraph }

//  order ─► large ─┬ true ──► yes ─► done
//                  └ false ─► no
function judging(field: string, limit: number): Graph {
  const at = { x: 0, y: 0 }
  const set = (id: string) => ({
    id,
    type: 'data.set',
    name: id,
    position: at,
    params: { fields: [{ name: 'said', value: `${id} to {{ trigger.data.${field} }}` }] },
  })
  const edge = (source: string, sourcePort: string, target: string) => ({
    id: `${source}${target}`,
    source,
    sourcePort,
    target,
  })
  return {
    version: 1,
    nodes: [
      { id: 'order', type: 'trigger.event', name: 'Order', position: at, params: { eventType: 'order.paid' } },
      {
        id: 'large',
        type: 'flow.if',
        name: 'Large?',
        position: at,
        params: {
          conditions: {
            operator: 'AND',
            conditions: [{ field: `trigger.data.${field}`, operator: 'greater_or_equal', value: limit }],
          },
        },
      },
      set('yes'),
      set('no'),
      set('done'),
    ],
    edges: [
      edge('order', 'out', 'large'),
      edge('large', 'true', 'yes'),
      edge('large', 'false', 'no'),
      edge('yes', 'out', 'done'),
    ],
  }
}

// Feature: automations-workflows, Property 16: Execution Logging Completeness
test('an execution leaves its trigger, what its conditions saw, what it did and when', async () => {
  const context = await makeContext({ nodes })
  const plans = createPlans(routeStore(env.DB))
  const versions = new Map<string, VersionId>()

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('total', 'score', 'count'),
      fc.constantFrom(0, 10, 500),
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 10, 1) }),
      async (field, limit, value, at) => {
        const name = `${field} ${limit}`
        if (!versions.has(name)) {
          const { id } = await createWorkflow(context, { name, graph: judging(field, limit) })
          versions.set(name, (await publishWorkflow(context, id, {})).id)
        }
        const version = await plans.find(context.scope.organizationId, versions.get(name)!)
        const data = { type: 'order.paid', data: { [field]: value }, id: 'x', occurredAt: new Date(at).toISOString() }
        const begun = beginExecution(
          version!,
          {
            organizationId: context.scope.organizationId,
            eventId: newId('event', at),
            at,
            source: { kind: 'event', eventType: 'order.paid' },
            data,
          },
          { nodeId: 'order', kind: 'event' },
        )
        if (begun.kind !== 'finished') throw new Error('nothing in it waits')
        await writeRecords(env.LOGS, [toRow(begun.record)])

        const execution = await getExecution(context, begun.record.id)
        const isLarge = value >= limit
        const moment = new Date(at).toISOString()
        expect(execution).toMatchObject({
          status: 'completed',
          trigger: 'event',
          triggerData: data,
          acceptedAt: moment,
          finishedAt: moment,
          workflowName: name,
          versionNumber: 1,
        })
        const way = isLarge ? ['large true', 'yes out', 'done out'] : ['large false', 'no out']
        expect(execution.steps.map(({ nodeId, port }) => `${nodeId} ${port}`)).toEqual(['order out', ...way])
        expect(
          execution.steps.every(({ startedAt, finishedAt }) => startedAt === moment && finishedAt === moment),
        ).toBe(true)
        expect(JSON.stringify(execution.steps[1]?.because)).toContain(String(value))
        expect(execution.steps[2]?.output).toEqual({ said: `${isLarge ? 'yes' : 'no'} to ${value}` })
        expect((await listExecutions(context, { eventId: execution.eventId, limit: 10 })).items).toHaveLength(1)
      },
    ),
    { numRuns: 100 },
  )
})

const hour = 3_600_000
const begin = Date.UTC(2026, 5, 1)
const records: ExecutionRecord[] = []
const viewers: { context: TestContext; sees: (workflowId: WorkflowId) => boolean }[] = []
let workflowIds: WorkflowId[] = []
const contactIds = [newId('contact'), newId('contact')]

beforeAll(async () => {
  const organizationId = await makeOrganization()
  const [admin, ada, ben] = await Promise.all(
    (['admin', 'editor', 'editor'] as const).map(async (role) =>
      contextOf(await makeMember(organizationId, { role }), organizationId),
    ),
  )
  const { id: adas } = await createWorkflow(ada!, { name: 'Ada' })
  const { id: bens } = await createWorkflow(ben!, { name: 'Ben' })
  const { id: shared } = await createWorkflow(ben!, { name: 'Shared', visibility: 'organization' })
  workflowIds = [adas, bens, shared]
  viewers.push(
    { context: admin!, sees: () => true },
    { context: ada!, sees: (id) => id === adas || id === shared },
    { context: ben!, sees: (id) => id === bens || id === shared },
  )
  const stranger = await makeContext({ role: 'admin' })
  const elsewhere = (await createWorkflow(stranger, { name: 'Elsewhere' })).id
  for (let index = 0; index < 120; index++) {
    const isTheirs = index % 5 === 4
    const acceptedAt = begin + index * hour
    const status = executionStatuses[(index * 7) % executionStatuses.length]!
    records.push({
      organizationId: isTheirs ? stranger.scope.organizationId : organizationId,
      id: newId('execution', acceptedAt),
      workflowId: isTheirs ? elsewhere : workflowIds[index % 3]!,
      workflowName: 'Any',
      versionId: newId('version'),
      versionNumber: 1,
      status,
      triggerKind: (['webhook', 'event', 'manual'] as const)[(index * 5) % 3]!,
      eventId: newId('event', acceptedAt),
      generation: 1,
      seq: 1,
      acceptedAt,
      finishedAt: null,
      wakeAt: null,
      objectUntil: null,
      stepCount: 0,
      failure: null,
      ...(index % 4 === 0 && { contactId: contactIds[(index / 4) % 2]! }),
      journal: [],
    })
  }
  await writeRecords(env.LOGS, records.map(toRow))
})

type Filter = Omit<ExecutionListQuery, 'limit' | 'cursor'>

const instants = fc.integer({ min: -5, max: 125 }).map((hours) => new Date(begin + hours * hour).toISOString())

const filters: fc.Arbitrary<Filter> = fc.record(
  {
    workflowId: fc.nat(2).map((index) => workflowIds[index]!),
    status: fc.uniqueArray(fc.constantFrom(...executionStatuses), { minLength: 1, maxLength: 4 }),
    trigger: fc.constantFrom('webhook' as const, 'event' as const, 'manual' as const),
    contactId: fc.constantFrom(...contactIds),
    after: instants,
    before: instants,
  },
  { requiredKeys: [] },
)

function fits(record: ExecutionRecord, { workflowId, status, trigger, contactId, after, before }: Filter): boolean {
  return (
    (workflowId === undefined || record.workflowId === workflowId) &&
    (status === undefined || status.includes(record.status)) &&
    (trigger === undefined || record.triggerKind === trigger) &&
    (contactId === undefined || record.contactId === contactId) &&
    (after === undefined || record.acceptedAt >= Date.parse(after)) &&
    (before === undefined || record.acceptedAt <= Date.parse(before))
  )
}

// Feature: automations-workflows, Property 17: Log Filtering Accuracy
test('a list of executions holds those that fit every filter, newest first, and no others', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(2), filters, fc.integer({ min: 5, max: 60 }), async (index, filter, limit) => {
      const { context, sees } = viewers[index]!
      const found: string[] = []
      let cursor: ExecutionId | undefined
      do {
        const page = await listExecutions(context, { ...filter, limit, ...(cursor === undefined ? {} : { cursor }) })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        found.push(...page.items.map(({ id }) => id))
        cursor = ExecutionId.optional().parse(page.nextCursor)
      } while (cursor !== undefined)

      const expected = records
        .filter(({ organizationId }) => organizationId === context.scope.organizationId)
        .filter((record) => sees(record.workflowId) && fits(record, filter))
        .sort((left, right) => right.acceptedAt - left.acceptedAt)
      expect(found).toEqual(expected.map(({ id }) => id))
    }),
    { numRuns: 150 },
  )
})
