// Who sees whose workflows: the rule, the lists and the single reads must say the same, on a real D1.
//
//   organization A: teams red and blue, members of every sight     organization B: one admin

import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { WorkflowId } from '../../worker/contract/id.ts'
import type { Visibility } from '../../worker/contract/workflow.ts'
import { isVisible } from '../support/visibility.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { getWorkflow } from '../../worker/usecases/workflows/get-workflow.ts'
import { listWorkflows } from '../../worker/usecases/workflows/list-workflows.ts'
import { saveWorkflow } from '../../worker/usecases/workflows/save-workflow.ts'
import { contextOf, makeContext, makeMember, makeOrganization, makeTeam, type TestContext } from '../support/people.ts'

interface Made {
  id: WorkflowId
  by: TestContext
  visibility: Visibility
}

const people: TestContext[] = []
const admins: TestContext[] = []
const made: Made[] = []
let stranger: TestContext

async function everyPage(context: TestContext): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await listWorkflows(context, { limit: 20, ...(cursor === undefined ? {} : { cursor }) })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ids.sort()
}

async function make(by: TestContext, visibility: Visibility): Promise<void> {
  const { id } = await createWorkflow(by, { name: `By ${by.scope.userId}`, visibility })
  made.push({ id, by, visibility })
}

beforeAll(async () => {
  const organizationId = await makeOrganization()
  const [red, blue] = [await makeTeam(organizationId), await makeTeam(organizationId)]
  for (const member of [
    { role: 'owner' as const },
    { role: 'admin' as const, teamIds: [red] },
    { role: 'editor' as const },
    { role: 'editor' as const, teamIds: [red] },
    { role: 'editor' as const, teamIds: [red, blue] },
    { role: 'editor' as const, sight: 'team' as const, teamIds: [blue] },
    { role: 'editor' as const, sight: 'organization' as const },
    { role: 'auditor' as const },
  ]) {
    const context = await contextOf(await makeMember(organizationId, member), organizationId)
    people.push(context)
    if (member.role === 'owner' || member.role === 'admin') admins.push(context)
  }
  stranger = await makeContext({ role: 'admin' })
  for (const by of people.filter(({ scope }) => scope.capabilities.has('workflow.write'))) {
    for (const visibility of ['own', 'team', 'organization'] as const) await make(by, visibility)
  }
})

const viewers = fc.nat().map((index) => people[index % people.length]!)
const workflows = fc.nat().map((index) => made[index % made.length]!)

function sees({ scope }: TestContext, { by, visibility }: Made): boolean {
  return isVisible(scope, { createdBy: by.scope.userId, visibility, makerTeamIds: by.scope.teamIds })
}

describe('one organization', () => {
  // Feature: automations-workflows, Property 27: Access Control Filtering
  test('G6: whoever has no wider sight lists what they made or what was shared, and reads no other by its id', async () => {
    const narrow = people.filter(({ scope }) => scope.sight === 'own')
    await fc.assert(
      fc.asyncProperty(fc.nat(narrow.length - 1), workflows, async (index, workflow) => {
        const viewer = narrow[index]!
        const isMine = workflow.by.scope.userId === viewer.scope.userId
        const listed = (await everyPage(viewer)).includes(workflow.id)
        const isShared = workflow.visibility !== 'own' && sees(viewer, workflow)
        expect(listed).toBe(isMine || isShared)
        const read = getWorkflow(viewer, workflow.id)
        if (listed) expect((await read).id).toBe(workflow.id)
        else await expect(read).rejects.toMatchObject({ code: 'workflow.not_found' })
      }),
      { numRuns: 100 },
    )
  })

  test('unless somebody shares, a member lists what they made and nothing else', async () => {
    const organizationId = await makeOrganization()
    const [ada, ben] = await Promise.all([
      makeMember(organizationId).then((id) => contextOf(id, organizationId)),
      makeMember(organizationId).then((id) => contextOf(id, organizationId)),
    ])
    await fc.assert(
      fc.asyncProperty(fc.boolean(), async (byAda) => {
        const [maker, other] = byAda ? [ada, ben] : [ben, ada]
        const { id } = await createWorkflow(maker, { name: 'Mine' })
        const [own, others] = await Promise.all([listWorkflows(maker, { limit: 1 }), everyPage(other)])
        expect(own.items[0]?.id).toBe(id)
        expect(others).not.toContain(id)
      }),
      { numRuns: 100 },
    )
  })

  // Feature: automations-workflows, Property 28: Admin Full Access
  test('an admin lists everything in the organization', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(admins.length - 1), fc.nat(people.length - 1), async (index, makerIndex) => {
        const by = people[makerIndex]!
        if (made.length < 60 && by.scope.capabilities.has('workflow.write')) await make(by, 'own')
        expect(await everyPage(admins[index]!)).toEqual(made.map(({ id }) => id).sort())
      }),
      { numRuns: 100 },
    )
  })

  test('the list, the single read and the rule agree for everybody', async () => {
    for (const viewer of people) {
      const listed = await everyPage(viewer)
      expect(listed).toEqual(
        made
          .filter((workflow) => sees(viewer, workflow))
          .map(({ id }) => id)
          .sort(),
      )
      expect(await viewer.workflows.visibleIds()).toEqual(
        viewer.scope.sight === 'organization'
          ? undefined
          : expect.toSatisfy((ids: string[]) => ids.sort().join() === listed.join()),
      )
    }
  })

  test('what cannot be seen cannot be written either', async () => {
    await fc.assert(
      fc.asyncProperty(viewers, workflows, async (viewer, workflow) => {
        if (sees(viewer, workflow) || !viewer.scope.capabilities.has('workflow.write')) return
        await expect(saveWorkflow(viewer, workflow.id, 1, { name: 'Taken' })).rejects.toMatchObject({
          code: 'workflow.not_found',
        })
        expect((await getWorkflow(workflow.by, workflow.id)).revision).toBe(1)
      }),
      { numRuns: 100 },
    )
  })
})

describe('another organization', () => {
  test('G4: its admin sees none of them, in lists or by id', async () => {
    expect(await everyPage(stranger)).toEqual([])
    await fc.assert(
      fc.asyncProperty(workflows, async ({ id }) => {
        await expect(getWorkflow(stranger, id)).rejects.toMatchObject({ code: 'workflow.not_found' })
      }),
      { numRuns: 100 },
    )
  })
})
