// Who sees whose contacts: the rule, the lists, the single reads and the writes must say the same, on real databases.

import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ContactId } from '../../worker/contract/id.ts'
import type { Visibility } from '../../worker/contract/workflow.ts'
import { isVisible } from '../support/visibility.ts'
import { changeContact } from '../../worker/usecases/contacts/change-contact.ts'
import { createContact } from '../../worker/usecases/contacts/create-contact.ts'
import { getContact } from '../../worker/usecases/contacts/get-contact.ts'
import { listContacts } from '../../worker/usecases/contacts/list-contacts.ts'
import { contextOf, makeContext, makeMember, makeOrganization, makeTeam, type TestContext } from '../support/people.ts'

interface Made {
  id: ContactId
  owner: TestContext
  visibility: Visibility
}

const people: TestContext[] = []
const made: Made[] = []
let stranger: TestContext

async function everyPage(context: TestContext): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await listContacts(context, { limit: 20, ...(cursor === undefined ? {} : { cursor }) })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ids.sort()
}

beforeAll(async () => {
  const organizationId = await makeOrganization()
  const [red, blue] = [await makeTeam(organizationId), await makeTeam(organizationId)]
  for (const member of [
    { role: 'owner' as const },
    { role: 'admin' as const, teamIds: [red] },
    { role: 'editor' as const },
    { role: 'editor' as const, teamIds: [red] },
    { role: 'operator' as const, teamIds: [red, blue] },
    { role: 'editor' as const, sight: 'team' as const, teamIds: [blue] },
    { role: 'viewer' as const },
  ]) {
    people.push(await contextOf(await makeMember(organizationId, member), organizationId))
  }
  stranger = await makeContext({ role: 'admin' })
  const [maker] = people
  // A contact is seen by whoever looks after it, whoever made it.
  for (const owner of people) {
    for (const visibility of ['own', 'team', 'organization'] as const) {
      const request = { firstName: 'X', visibility, ownerId: owner.scope.userId }
      made.push({ id: (await createContact(maker!, request)).id, owner, visibility })
    }
  }
})

const viewers = fc.nat().map((index) => people[index % people.length]!)
const contacts = fc.nat().map((index) => made[index % made.length]!)

function sees({ scope }: TestContext, { owner, visibility }: Made): boolean {
  return isVisible(scope, { createdBy: owner.scope.userId, visibility, makerTeamIds: owner.scope.teamIds })
}

describe('one organization', () => {
  // Feature: automations-workflows, Property 26: Ownership Association
  test('a contact belongs to whoever made it, unless they say otherwise', async () => {
    const roles = ['owner', 'admin', 'editor', 'operator'] as const
    const makers = await Promise.all(roles.map((role) => makeContext({ role })))
    await fc.assert(
      fc.asyncProperty(fc.nat(makers.length - 1), async (index) => {
        const context = makers[index]!
        expect((await createContact(context, { firstName: 'X' })).ownerId).toBe(context.scope.userId)
      }),
      { numRuns: 100 },
    )
  })

  // Feature: automations-workflows, Property 27: Access Control Filtering
  test('G6: the list, the single read and the rule agree for everybody', async () => {
    for (const viewer of people) {
      const expected = made.filter((contact) => sees(viewer, contact)).map(({ id }) => id)
      expect(await everyPage(viewer)).toEqual(expected.sort())
    }
    await fc.assert(
      fc.asyncProperty(viewers, contacts, async (viewer, contact) => {
        const read = getContact(viewer, contact.id)
        if (sees(viewer, contact)) expect((await read).id).toBe(contact.id)
        else await expect(read).rejects.toMatchObject({ code: 'contact.not_found' })
      }),
      { numRuns: 100 },
    )
  })

  // Feature: automations-workflows, Property 28: Admin Full Access
  test('an admin lists everything in the organization', async () => {
    const all = made.map(({ id }) => id).sort()
    for (const admin of people.filter(({ scope }) => scope.role === 'owner' || scope.role === 'admin')) {
      expect(await everyPage(admin)).toEqual(all)
    }
  })

  test('what cannot be seen cannot be written either', async () => {
    await fc.assert(
      fc.asyncProperty(viewers, contacts, async (viewer, contact) => {
        if (sees(viewer, contact) || !viewer.scope.capabilities.has('contact.write')) return
        await expect(changeContact(viewer, contact.id, 1, { firstName: 'Taken' })).rejects.toMatchObject({
          code: 'contact.not_found',
        })
      }),
      { numRuns: 100 },
    )
  })
})

test('G4: the admin of another organization sees none of them, in lists or by id', async () => {
  expect(await everyPage(stranger)).toEqual([])
  await fc.assert(
    fc.asyncProperty(contacts, async ({ id }) => {
      await expect(getContact(stranger, id)).rejects.toMatchObject({ code: 'contact.not_found' })
    }),
    { numRuns: 100 },
  )
})

test('an auditor, who sees no data, reads no contacts', async () => {
  const auditor = await makeContext({ role: 'auditor' })
  await expect(listContacts(auditor, { limit: 1 })).rejects.toMatchObject({ code: 'auth.forbidden' })
})
