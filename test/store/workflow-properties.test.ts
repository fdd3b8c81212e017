// The correctness properties of workflows as they are stored, on a real D1.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eq } from 'drizzle-orm'
import type { WorkflowId } from '../../worker/contract/id.ts'
import { archiveWorkflow } from '../../worker/usecases/workflows/archive-workflow.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { getWorkflow } from '../../worker/usecases/workflows/get-workflow.ts'
import { pauseWorkflow } from '../../worker/usecases/workflows/pause-workflow.ts'
import { publishWorkflow } from '../../worker/usecases/workflows/publish-workflow.ts'
import { saveWorkflow } from '../../worker/usecases/workflows/save-workflow.ts'
import { subscriptions } from '../../worker/store/schema/db/workflows.ts'
import { descriptions, graphs, visibilities, workflowNames } from '../support/arbitraries.ts'
import { db, makeContext } from '../support/people.ts'

const requests = fc.record({
  name: workflowNames,
  description: descriptions,
  visibility: visibilities,
  graph: graphs,
})

async function listeningTo(workflowId: WorkflowId) {
  return db.select().from(subscriptions).where(eq(subscriptions.workflowId, workflowId))
}

// Feature: automations-workflows, Property 1: Workflow Storage Completeness
test('a created workflow holds everything that was asked for', async () => {
  const context = await makeContext()
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const { id } = await createWorkflow(context, request)
      const stored = await getWorkflow(context, id)
      expect(stored).toMatchObject({
        name: request.name,
        description: request.description,
        visibility: request.visibility,
        status: 'draft',
        revision: 1,
        nodeCount: request.graph.nodes.length,
        createdBy: context.scope.userId,
      })
      expect(stored.graph).toEqual(request.graph)
      expect(stored.triggerTypes).toEqual([
        ...new Set(request.graph.nodes.map(({ type }) => type).filter((type) => type.startsWith('trigger.'))),
      ])
      const webhooks = request.graph.nodes.filter(({ type }) => type === 'trigger.webhook')
      expect(stored.hooks.map(({ nodeId }) => nodeId).sort()).toEqual(webhooks.map((node) => node.id).sort())
    }),
    { numRuns: 100 },
  )
})

// Feature: automations-workflows, Property 2: Workflow Update Persistence
test('what a save changes is what is read afterwards, and what it leaves out stays', async () => {
  const context = await makeContext()
  await fc.assert(
    fc.asyncProperty(
      requests,
      fc.record(
        { name: workflowNames, description: descriptions, visibility: visibilities, graph: graphs },
        { requiredKeys: [] },
      ),
      async (request, changes) => {
        const created = await createWorkflow(context, request)
        const saved = await saveWorkflow(context, created.id, 1, changes)
        const read = await getWorkflow(context, created.id)
        expect(read).toEqual(saved)
        expect(read.revision).toBe(2)
        const { name, description, visibility, graph } = read
        expect({ name, description, visibility, graph }).toEqual({ ...request, ...changes })
      },
    ),
    { numRuns: 100 },
  )
})

// Feature: automations-workflows, Property 5: Deactivation Preserves Configuration
test('a paused workflow keeps its configuration and listens to nothing', async () => {
  const context = await makeContext()
  await fc.assert(
    fc.asyncProperty(requests, fc.boolean(), async (request, archived) => {
      const { id } = await createWorkflow(context, request)
      await publishWorkflow(context, id, {})
      const before = await getWorkflow(context, id)
      const heard = request.graph.nodes.filter(({ type }) => type === 'trigger.webhook' || type === 'trigger.event')
      expect(before.status).toBe('active')
      expect(await listeningTo(id)).toHaveLength(heard.length)

      const told = context.runtime.routesChangedFor.length
      const after = archived ? await archiveWorkflow(context, id) : await pauseWorkflow(context, id)
      expect({ ...after, status: before.status, updatedAt: before.updatedAt }).toEqual(before)
      expect(await listeningTo(id)).toEqual([])
      expect(context.runtime.routesChangedFor.length).toBe(told + 1)
    }),
    { numRuns: 100 },
  )
})

// Feature: automations-workflows, Property 26: Ownership Association
test('a workflow belongs to the user who made it, whatever they are', async () => {
  const makers = await Promise.all((['owner', 'admin', 'editor'] as const).map((role) => makeContext({ role })))
  await fc.assert(
    fc.asyncProperty(fc.nat(makers.length - 1), requests, async (index, request) => {
      const context = makers[index]!
      const created = await createWorkflow(context, request)
      expect(created.createdBy).toBe(context.scope.userId)
      const saved = await saveWorkflow(context, created.id, 1, { name: 'Renamed' })
      expect(saved.createdBy).toBe(context.scope.userId)
    }),
    { numRuns: 100 },
  )
})
