// Which workflows an event starts, on the running system: those that are active and listen to it when it is consumed.

import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { ExecutionId, type OrganizationId, type WorkflowId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { consumeTrigger } from '../../worker/runtime/queues/consume-trigger.ts'
import { inboxOf } from '../../worker/runtime/inbox/inbox-stub.ts'
import { activateWorkflow } from '../../worker/usecases/workflows/activate-workflow.ts'
import { archiveWorkflow } from '../../worker/usecases/workflows/archive-workflow.ts'
import type { Context } from '../../worker/usecases/context.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { pauseWorkflow } from '../../worker/usecases/workflows/pause-workflow.ts'
import { publishWorkflow } from '../../worker/usecases/workflows/publish-workflow.ts'
import { restoreWorkflow } from '../../worker/usecases/workflows/restore-workflow.ts'
import { makeContext } from '../support/people.ts'
import { eventually, graph, node, runtime } from '../support/published.ts'

vi.setConfig({ testTimeout: 180_000 })

/** Use cases of a new organization, on the running system. */
async function newContext(): Promise<Context> {
  return { ...(await makeContext()), runtime: runtime() }
}

let count = 0

/** A family of events that nothing else listens to. */
const newFamily = () => `family${++count}`

//  start ──► done
const ending = node('done', 'data.set', { fields: [] })
//  start ──► done, an hour later
const waiting = node('done', 'flow.wait', { mode: 'duration', duration: '1 hour' })

const listenerTo = (eventType: string, done = ending) => ({
  name: 'Any',
  description: '',
  visibility: 'organization' as const,
  graph: graph([node('start', 'trigger.event', { eventType }), done], 'start>done'),
})

/** An active workflow that listens to these events. */
async function listening(context: Context, eventType: string, done = ending): Promise<WorkflowId> {
  const { id } = await createWorkflow(context, listenerTo(eventType, done))
  await publishWorkflow(context, id, {})
  return id
}

/** The workflows that are started when an event of this type is consumed. */
async function startedBy(organizationId: OrganizationId, eventType: string, total: number): Promise<WorkflowId[]> {
  const shard = count % 2
  const epoch = await inboxOf(env, organizationId, shard).epoch(organizationId)
  const eventId = newId('event')
  const data = { type: eventType, data: { total }, id: eventId, occurredAt: '2026-11-21T12:00:00.000Z' }
  const { records } = await consumeTrigger(
    env,
    { organizationId, eventId, at: Date.now(), source: { kind: 'event', eventType }, data },
    { shard, epoch },
  )
  return records.map(({ workflowId }) => workflowId).toSorted()
}

// Feature: automations-workflows, Property 3: Soft Delete Prevents Execution
test('a workflow that was put away starts nothing, whatever it was before', async () => {
  const context = await newContext()
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('draft', 'active', 'paused'), fc.integer(), async (before, total) => {
      const type = `${newFamily()}.paid`
      const { id } = await createWorkflow(context, listenerTo(type))
      if (before !== 'draft') await publishWorkflow(context, id, {})
      if (before === 'paused') await pauseWorkflow(context, id)
      const { organizationId } = context.scope
      expect(await startedBy(organizationId, type, total)).toEqual(before === 'active' ? [id] : [])
      await archiveWorkflow(context, id)
      expect(await startedBy(organizationId, type, total)).toEqual([])
    }),
    { numRuns: 100 },
  )
})

// Feature: automations-workflows, Property 4: Activation Enables Execution
test('a workflow that was inactive starts what it is for once it is active', async () => {
  const context = await newContext()
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.integer(), async (wasArchived, total) => {
      const type = `${newFamily()}.paid`
      const id = await listening(context, type)
      if (wasArchived) {
        await archiveWorkflow(context, id)
        await restoreWorkflow(context, id)
      } else await pauseWorkflow(context, id)
      expect(await startedBy(context.scope.organizationId, type, total)).toEqual([])
      await activateWorkflow(context, id)
      expect(await startedBy(context.scope.organizationId, type, total)).toEqual([id])
    }),
    { numRuns: 100 },
  )
})

// Feature: automations-workflows, Property 7: Workflow Matching Accuracy
test('an event starts the active workflows of its organization that listen to its type, and no others', async () => {
  const [context, neighbour] = [await newContext(), await newContext()]
  const listeners = fc.array(
    fc.record({
      to: fc.constantFrom('type', 'family', 'sibling', 'stranger'),
      isActive: fc.boolean(),
      isOurs: fc.integer({ min: 0, max: 3 }).map((roll) => roll > 0),
    }),
    { maxLength: 4 },
  )
  await fc.assert(
    fc.asyncProperty(listeners, fc.integer(), async (drawn, total) => {
      const family = newFamily()
      const patterns = {
        type: `${family}.paid`,
        family: `${family}.*`,
        sibling: `${family}.refunded`,
        stranger: `${newFamily()}.*`,
      }
      const expected: WorkflowId[] = []
      for (const { to, isActive, isOurs } of drawn) {
        const owner = isOurs ? context : neighbour
        const id = await listening(owner, patterns[to])
        if (!isActive) await pauseWorkflow(owner, id)
        if (isActive && isOurs && (to === 'type' || to === 'family')) expected.push(id)
      }
      expect(await startedBy(context.scope.organizationId, patterns.type, total)).toEqual(expected.toSorted())
    }),
    { numRuns: 100 },
  )
})

// Feature: automations-workflows, Property 23: Async Queue Processing
test('events that come at once are all taken, and each starts each workflow once, behind the answer', async () => {
  const context = await newContext()
  const { organizationId } = context.scope
  const type = `${newFamily()}.paid`
  const listeners = [await listening(context, type, waiting), await listening(context, type, waiting)].toSorted()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer(), { minLength: 1, maxLength: 4 }), async (totals) => {
      const events = await Promise.all(totals.map((total) => runtime().emit(organizationId, { type, data: { total } })))
      expect(new Set(events.flatMap(({ executionIds }) => executionIds)).size).toBe(totals.length * listeners.length)
      await Promise.all(
        events.map(async ({ executionIds }, index) => {
          const begun = executionIds.map((id) =>
            eventually(async () => {
              const execution = await runtime().findLive(organizationId, ExecutionId.parse(id))
              return execution?.status === 'waiting' ? execution : undefined
            }, 30_000),
          )
          const executions = await Promise.all(begun)
          expect(executions.map(({ workflowId }) => workflowId).toSorted()).toEqual(listeners)
          for (const { triggerData } of executions)
            expect(triggerData).toMatchObject({ data: { total: totals[index] } })
        }),
      )
    }),
    { numRuns: 100 },
  )
})
