import { describe, expect, test } from 'vitest'
import type { LinkedInvitation } from '#contract/invitation.ts'
import { Role, type CurrentMember } from '#contract/member.ts'
import { closedWords, stageOf, visitorOf } from '#lib/joining/stage-of.ts'
import { roleNames } from '#lib/session/role-words.ts'
import { whatChanged } from '#lib/session/what-changed.ts'
import { fitting, memberRules, roleChoices } from '#lib/settings/member-rules.ts'
import { rolesToGive } from '../../worker/tenancy/giving.ts'
import { capabilitiesOf } from '../../worker/tenancy/roles.ts'

type Ids = 'usr_me' | 'usr_other'

const me = (role: Role) =>
  ({
    userId: 'usr_me',
    role,
    capabilities: [...capabilitiesOf(role)],
    rolesToGive: rolesToGive(capabilitiesOf(role)),
  }) as unknown as CurrentMember

const member = (userId: Ids, role: Role) => ({ userId, role }) as never

test('every role has its place in the order in which they are shown', () => {
  expect([...roleNames].sort()).toEqual([...Role.options].sort())
})

describe('G14: what a page offers to do with a member', () => {
  test('is to choose a role and to remove them, for whoever may do as much as they', () => {
    const { roles, end, why } = memberRules(me('admin'), member('usr_other', 'admin'), 2)
    expect([end, why]).toEqual(['remove', undefined])
    expect(roles?.filter(({ disabled }) => disabled).map(({ value, detail }) => [value, detail])).toEqual([
      ['owner', 'may do everything, and decides about the organization; only an owner gives it'],
    ])
  })

  test('is nothing with somebody above, and says why', () => {
    expect(memberRules(me('admin'), member('usr_other', 'owner'), 2)).toEqual({
      roles: undefined,
      end: undefined,
      why: 'Only an owner changes or removes an owner.',
    })
  })

  test('is nothing with the only owner, whoever looks, and says why to the owner', () => {
    const { roles, end, why } = memberRules(me('owner'), member('usr_me', 'owner'), 1)
    expect([roles, end]).toEqual([undefined, undefined])
    expect(why).toContain('make somebody else an owner')
    expect(memberRules(me('owner'), member('usr_me', 'owner'), 2)).toMatchObject({ end: 'leave', why: undefined })
  })

  test('is to leave, for whoever manages nobody', () => {
    for (const role of ['editor', 'operator', 'viewer', 'auditor'] as const) {
      expect(memberRules(me(role), member('usr_me', role), 1)).toEqual({
        roles: undefined,
        end: 'leave',
        why: undefined,
      })
      expect(memberRules(me(role), member('usr_other', 'viewer'), 1)).toEqual({
        roles: undefined,
        end: undefined,
        why: undefined,
      })
    }
  })

  test('offers an owner every role', () => {
    expect(roleChoices(rolesToGive(capabilitiesOf('owner'))).some(({ disabled }) => disabled)).toBe(false)
  })
})

test('members are found by any part of their name or address', () => {
  const [ada, grace] = [
    { name: 'Ada Lovelace', email: 'countess@example.com' },
    { name: 'Grace Hopper', email: 'grace@example.org' },
  ]
  expect(fitting([ada, grace], ' LOVE')).toEqual([ada])
  expect(fitting([ada, grace], 'example.org')).toEqual([grace])
  expect(fitting([ada, grace], ' ')).toEqual([ada, grace])
  expect(fitting([ada, grace], 'turing')).toEqual([])
})

describe('what a member is told who is not who the page took them for', () => {
  const acme = { id: 'org_a', name: 'Acme', slug: 'acme', role: 'editor' }
  const own = { id: 'org_b', name: 'Ada’s', slug: 'ada', role: 'owner' }
  const at = (organization: typeof acme, organizations = [acme, own], role: Role = 'editor') =>
    ({ organization, organizations, role }) as unknown as CurrentMember

  test('that they are no member any more, and where they are now', () => {
    expect(whatChanged(at(acme), at(own, [own], 'owner'))).toEqual({
      title: 'You are no longer a member of Acme',
      detail: 'This page shows Ada’s now.',
      isElsewhere: true,
    })
    expect(whatChanged(at(acme), undefined)).toMatchObject({ title: 'You are no longer a member of Acme' })
  })

  test('that another tab opened another organization, where they still belong to both', () => {
    expect(whatChanged(at(acme), at(own))).toMatchObject({
      title: 'Ada’s was opened in another tab',
      isElsewhere: true,
    })
  })

  test('that their role is another, and nothing where nothing changed', () => {
    expect(whatChanged(at(acme), at(acme, [acme, own], 'viewer'))).toEqual({
      title: 'Your role in Acme is Viewer now',
      detail: 'Viewer: looks at workflows and executions.',
      isElsewhere: false,
    })
    expect(whatChanged(at(acme), at(acme))).toBeUndefined()
  })
})

describe('an invitation’s page', () => {
  const invitation = {
    status: 'open',
    organization: { id: 'org_a', name: 'Acme' },
    email: 'ada@example.com',
    role: 'editor',
    invitedBy: 'Olga',
    expiresAt: '2026-11-29T10:00:00.000Z',
  } as unknown as LinkedInvitation
  const account = (email: string, ...ids: string[]) =>
    visitorOf({ email, organizations: ids.map((id) => ({ id })) } as unknown as CurrentMember)

  test('asks who comes with no account to sign in, and who has the right one to decide', () => {
    expect(stageOf(invitation, { kind: 'nobody' })).toEqual({ kind: 'signIn' })
    expect(stageOf(invitation, account('ada@example.com', 'org_b'))).toEqual({ kind: 'decide' })
  })

  test('tells another account whose it is', () => {
    expect(stageOf(invitation, account('eve@example.com'))).toEqual({ kind: 'otherAccount', email: 'eve@example.com' })
  })

  test('lets who belongs to nothing decide, until the server says that they are another', () => {
    expect(stageOf(invitation, { kind: 'homeless', isOther: false })).toEqual({ kind: 'decide' })
    expect(stageOf(invitation, { kind: 'homeless', isOther: true })).toEqual({ kind: 'otherAccount', email: undefined })
  })

  test('says how it ended, each way in its own words, and knows who is in all the same', () => {
    const ways = ['expired', 'revoked', 'declined', 'accepted'] as const
    for (const how of ways) {
      const over = { ...invitation, status: how }
      expect(stageOf(over, { kind: 'nobody' })).toEqual({ kind: 'closed', how, isMember: false })
      expect(stageOf(over, account('ada@example.com', 'org_a'))).toEqual({ kind: 'closed', how, isMember: true })
    }
    expect(new Set(ways.map((how) => closedWords(how, invitation).title)).size).toBe(ways.length)
  })
})
