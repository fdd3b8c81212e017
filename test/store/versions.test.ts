import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { WorkflowId } from '../../worker/contract/id.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import type { VersionSummary } from '../../worker/contract/workflow.ts'
import { newId } from '../../worker/lib/id.ts'
import { auditEntries } from '../../worker/store/schema/db/access.ts'
import { hooks, subscriptions, versions } from '../../worker/store/schema/db/workflows.ts'
import { activateWorkflow } from '../../worker/usecases/workflows/activate-workflow.ts'
import { archiveWorkflow } from '../../worker/usecases/workflows/archive-workflow.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { getVersion } from '../../worker/usecases/workflows/get-version.ts'
import { getWorkflow } from '../../worker/usecases/workflows/get-workflow.ts'
import { listVersions } from '../../worker/usecases/workflows/list-versions.ts'
import { pauseWorkflow } from '../../worker/usecases/workflows/pause-workflow.ts'
import { publishWorkflow } from '../../worker/usecases/workflows/publish-workflow.ts'
import { restoreWorkflow } from '../../worker/usecases/workflows/restore-workflow.ts'
import { saveWorkflow } from '../../worker/usecases/workflows/save-workflow.ts'
import { setHookSecret } from '../../worker/usecases/workflows/set-hook-secret.ts'
import { validateWorkflow } from '../../worker/usecases/workflows/validate-workflow.ts'
import { contextOf, db, makeContext, makeMember, type TestContext } from '../support/people.ts'

/** A graph that listens to one event type and has a webhook. */
function listeningTo(eventType: string): Graph {
  return {
    version: 1,
    nodes: [
      { id: 'order', type: 'trigger.event', name: 'Order', position: { x: 0, y: 0 }, params: { eventType } },
      { id: 'hook', type: 'trigger.webhook', name: 'Hook', position: { x: 0, y: 9 }, params: { verification: 'none' } },
    ],
    edges: [],
  }
}

async function draft(context: TestContext, eventType = 'order.paid'): Promise<WorkflowId> {
  return (await createWorkflow(context, { name: 'Orders', graph: listeningTo(eventType) })).id
}

async function edit(context: TestContext, id: WorkflowId, eventType: string): Promise<void> {
  const { revision } = await getWorkflow(context, id)
  await saveWorkflow(context, id, revision, { graph: listeningTo(eventType) })
}

async function heardBy(workflowId: WorkflowId): Promise<string[]> {
  const rows = await db.select().from(subscriptions).where(eq(subscriptions.workflowId, workflowId))
  return rows.map(({ match, versionNumber }) => `${match} v${versionNumber}`).sort()
}

describe('publishing', () => {
  test('makes a draft live, and listens to what it says', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const version = await publishWorkflow(context, id, { note: 'First' })
    const workflow = await getWorkflow(context, id)

    expect(version).toMatchObject({ number: 1, note: 'First', publishedBy: context.scope.userId })
    expect(workflow).toMatchObject({ status: 'active', publishedNumber: 1, hasUnpublishedChanges: false })
    const key = workflow.hooks[0]!.path.replace('/hooks/', '')
    expect(await heardBy(id)).toEqual([`${key} v1`, 'order.paid v1'].sort())
  })

  test('again without a change gives the live version', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const first = await publishWorkflow(context, id, {})
    expect(await publishWorkflow(context, id, { note: 'Again' })).toEqual(first)
  })

  test('O4: by many at once numbers versions without gaps, and one draft is one version', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const published: VersionSummary[] = []
    for (let round = 1; round <= 5; round++) {
      await edit(context, id, `order.round${round}`)
      const results = await Promise.all(Array.from({ length: 8 }, () => publishWorkflow(context, id, {})))
      expect(new Set(results.map((version) => version.id)).size).toBe(1)
      published.push(results[0]!)
    }
    expect(published.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    const { items } = await listVersions(context, id, { limit: 50 })
    expect(items.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1])
    expect((await heardBy(id)).filter((heard) => heard.startsWith('order'))).toEqual(['order.round5 v5'])
  })

  test('O4: while others save, every number is taken once and the last version is live', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        if (index % 2 === 0) return publishWorkflow(context, id, {}).catch(() => undefined)
        return edit(context, id, `order.number${index}`).catch(() => undefined)
      }),
    )
    const live = await publishWorkflow(context, id, {})
    const { items } = await listVersions(context, id, { limit: 50 })
    expect(items.map(({ number }) => number)).toEqual(items.map((_, index) => items.length - index))
    expect(live.number).toBe(items.length)
    expect((await heardBy(id)).every((heard) => heard.endsWith(`v${live.number}`))).toBe(true)
  })

  test('O4: of a stale revision is refused and changes nothing', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await edit(context, id, 'order.sent')
    await expect(publishWorkflow(context, id, {}, 1)).rejects.toMatchObject({
      code: 'workflow.conflict',
      details: { revision: 2 },
    })
    expect(await heardBy(id)).toEqual([])
  })

  test('O4: freezes the draft that was checked, and not one that was saved in the meantime', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await edit(context, id, 'order.sent')
    const checked = { id: newId('version'), workflowId: id, revision: 1, note: '', listeners: [], at: new Date() }
    expect(await context.versions.publish(checked)).toBe(false)
    expect([(await getWorkflow(context, id)).status, await heardBy(id)]).toEqual(['draft', []])
  })

  test('of a paused workflow leaves it paused, and activating it takes the newest version', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await publishWorkflow(context, id, {})
    await pauseWorkflow(context, id)
    await edit(context, id, 'order.sent')
    await publishWorkflow(context, id, {})
    expect([(await getWorkflow(context, id)).status, await heardBy(id)]).toEqual(['paused', []])

    await activateWorkflow(context, id)
    expect((await heardBy(id)).filter((heard) => heard.startsWith('order'))).toEqual(['order.sent v2'])
  })

  test('and activating at once leaves the newest version listening', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await publishWorkflow(context, id, {})
    for (let round = 0; round < 6; round++) {
      await pauseWorkflow(context, id)
      await edit(context, id, `order.round${round}`)
      const [live] = await Promise.all([publishWorkflow(context, id, {}), activateWorkflow(context, id)])
      expect((await heardBy(id)).filter((heard) => heard.startsWith('order'))).toEqual([
        `order.round${round} v${live.number}`,
      ])
    }
  })

  test('of old content makes it live under a new number', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const first = await publishWorkflow(context, id, {})
    await edit(context, id, 'order.sent')
    await publishWorkflow(context, id, {})
    await edit(context, id, 'order.paid')
    const third = await publishWorkflow(context, id, {})
    expect([third.number, third.hash]).toEqual([3, first.hash])
  })

  test('does not hear what a disabled trigger listens to', async () => {
    const context = await makeContext()
    const graph = listeningTo('order.paid')
    graph.nodes[0]!.settings = { disabled: true }
    const { id } = await createWorkflow(context, { name: 'Quiet', graph })
    await publishWorkflow(context, id, {})
    expect((await heardBy(id)).filter((heard) => heard.startsWith('order'))).toEqual([])
  })
})

describe('an archived workflow', () => {
  test('listens to nothing, and cannot be saved, published or activated until it is restored', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await publishWorkflow(context, id, {})
    await archiveWorkflow(context, id)
    expect(await heardBy(id)).toEqual([])
    const refused = { code: 'workflow.archived' }
    await expect(saveWorkflow(context, id, 1, { name: 'No' })).rejects.toMatchObject(refused)
    await expect(publishWorkflow(context, id, {})).rejects.toMatchObject(refused)
    await expect(activateWorkflow(context, id)).rejects.toMatchObject(refused)
    await expect(pauseWorkflow(context, id)).rejects.toMatchObject(refused)

    expect((await restoreWorkflow(context, id)).status).toBe('paused')
    expect((await activateWorkflow(context, id)).status).toBe('active')
  })
})

describe('a version', () => {
  test('keeps its content whatever becomes of the draft', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const { id: versionId } = await publishWorkflow(context, id, {})
    await edit(context, id, 'order.sent')
    expect((await getVersion(context, id, versionId)).graph).toEqual(listeningTo('order.paid'))
  })

  test('G4: of a workflow that cannot be seen is not there', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const { id: versionId } = await publishWorkflow(context, id, {})
    const colleague = await contextOf(await makeMember(context.scope.organizationId), context.scope.organizationId)
    await expect(getVersion(colleague, id, versionId)).rejects.toMatchObject({ code: 'version.not_found' })
    expect((await colleague.versions.list(id, { limit: 10 })).items).toEqual([])
    expect(await colleague.versions.freeze(id, 1, newId('version'), new Date())).toBeUndefined()
    await expect(publishWorkflow(colleague, id, {})).rejects.toMatchObject({ code: 'workflow.not_found' })
  })

  test('cannot be changed in the database', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await publishWorkflow(context, id, {})
    await expect(db.update(versions).set({ note: 'Changed' }).where(eq(versions.workflowId, id))).rejects.toThrow()
  })

  test('of a draft that is tried is numbered 0, made once, and listed nowhere', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const freeze = (revision: number) => context.versions.freeze(id, revision, newId('version'), new Date())
    const [first, second] = await Promise.all([freeze(1), freeze(1)])
    expect([first?.number, first?.id]).toEqual([0, second?.id])
    expect((await listVersions(context, id, { limit: 50 })).items).toEqual([])
    expect(await freeze(7)).toBeUndefined()
  })

  test('of a draft that is live already is the live one', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const live = await publishWorkflow(context, id, {})
    expect(await context.versions.freeze(id, 1, newId('version'), new Date())).toEqual(live)
  })
})

describe('a hook', () => {
  test('has its address before anything is published, and keeps it when its node comes back', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const before = (await getWorkflow(context, id)).hooks
    expect(before).toEqual([
      {
        nodeId: 'hook',
        path: expect.stringMatching(/^\/hooks\/[0-9a-z]{26}$/),
        url: `https://leat.test${before[0]!.path}`,
        hasSecret: false,
      },
    ])

    await saveWorkflow(context, id, 1, { graph: { version: 1, nodes: [], edges: [] } })
    expect((await getWorkflow(context, id)).hooks).toEqual([])
    await saveWorkflow(context, id, 2, { graph: listeningTo('order.paid') })
    expect((await getWorkflow(context, id)).hooks).toEqual(before)
  })

  test('L8: keeps the secret before for a day, and shows none of them', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const first = await setHookSecret(context, id, 'hook', {})
    expect(first.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const before = Date.now()
    await setHookSecret(context, id, 'hook', { secret: 'another secret, long enough' })

    const [row] = await db.select().from(hooks).where(eq(hooks.workflowId, id))
    expect(row?.secretCiphertext).not.toContain('another secret')
    expect(row?.previousSecretCiphertext).toBeTruthy()
    const overlap = row!.previousSecretExpiresAt!.getTime() - before
    expect(overlap).toBeGreaterThanOrEqual(86_400_000)
    expect(overlap).toBeLessThan(86_460_000)
    expect(JSON.stringify(await getWorkflow(context, id))).not.toContain('secret"')
    expect((await getWorkflow(context, id)).hooks[0]?.hasSecret).toBe(true)
  })

  test('G4: of a workflow that cannot be seen is not there', async () => {
    const context = await makeContext()
    const id = await draft(context)
    const colleague = await contextOf(await makeMember(context.scope.organizationId), context.scope.organizationId)
    await expect(setHookSecret(colleague, id, 'hook', {})).rejects.toMatchObject({ code: 'workflow.not_found' })
    expect(await colleague.hooks.setSecret(id, 'hook', 'sealed', new Date())).toBe(false)
  })

  test('D1: that verifies its senders cannot be published before its secret is set', async () => {
    const context = await makeContext()
    const graph = listeningTo('order.paid')
    graph.nodes[1]!.params = { verification: 'github' }
    const { id } = await createWorkflow(context, { name: 'Signed', graph })
    await expect(publishWorkflow(context, id, {})).rejects.toMatchObject({
      code: 'workflow.invalid',
      details: { problems: [{ code: 'hook.secret_missing', path: 'nodes.1.params.verification', nodeId: 'hook' }] },
    })
    await setHookSecret(context, id, 'hook', {})
    expect((await publishWorkflow(context, id, {})).number).toBe(1)
  })
})

describe('a secret that was set for another way of verifying', () => {
  test('D1: is a problem at publish that does not tell it, until one is set that fits', async () => {
    const context = await makeContext()
    const graph = listeningTo('order.paid')
    graph.nodes[1]!.params = { verification: 'github' }
    const { id, revision } = await createWorkflow(context, { name: 'Signed', graph })
    await setHookSecret(context, id, 'hook', { secret: 'only words' })
    graph.nodes[1]!.params = { verification: 'standard' }
    await saveWorkflow(context, id, revision, { graph })

    const refused: unknown = await publishWorkflow(context, id, {}).catch((error: unknown) => error)
    const problem = { code: 'hook.secret_unfit', path: 'nodes.1.params.verification', nodeId: 'hook' }
    expect(refused).toMatchObject({ code: 'workflow.invalid', details: { problems: [problem] } })
    expect(JSON.stringify(refused)).not.toContain('only words')
    expect(await validateWorkflow(context, id)).toMatchObject({ valid: false, problems: [problem] })

    await setHookSecret(context, id, 'hook', {})
    expect((await publishWorkflow(context, id, {})).number).toBe(1)
  })
})

describe('the audit', () => {
  test('M1: refuses to be changed or shortened, whoever asks', async () => {
    const context = await makeContext()
    await draft(context)
    const mine = eq(auditEntries.organizationId, context.scope.organizationId)
    await expect(db.update(auditEntries).set({ action: 'nothing' }).where(mine)).rejects.toThrow()
    await expect(db.delete(auditEntries).where(mine)).rejects.toThrow()
    expect(Object.keys(context.audit)).toEqual(['list'])
  })

  test('has an entry for every change, and none for what changed nothing', async () => {
    const context = await makeContext()
    const id = await draft(context)
    await edit(context, id, 'order.sent')
    await saveWorkflow(context, id, 1, { name: 'Too late' }).catch(() => undefined)
    await publishWorkflow(context, id, {})
    await publishWorkflow(context, id, {})
    await pauseWorkflow(context, id)
    await pauseWorkflow(context, id)
    await activateWorkflow(context, id)
    await setHookSecret(context, id, 'hook', {})
    await archiveWorkflow(context, id)
    await restoreWorkflow(context, id)

    const { items: entries } = await context.audit.list({ limit: 50 })
    expect(entries.map(({ action }) => action).toReversed()).toEqual([
      'workflow.created',
      'workflow.saved',
      'workflow.published',
      'workflow.paused',
      'workflow.activated',
      'hook.secret_set',
      'workflow.archived',
      'workflow.restored',
    ])
    expect(entries.every(({ targetId, actorId }) => targetId === id && actorId === context.scope.userId)).toBe(true)
  })

  test('of one organization holds nothing of another', async () => {
    const [one, other] = [await makeContext(), await makeContext()]
    await draft(one)
    expect(await other.audit.list({ limit: 50 })).toEqual({ items: [] })
  })
})
