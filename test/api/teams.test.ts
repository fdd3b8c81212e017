import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { teamLimits } from '../../worker/contract/facts/team.ts'
import type { OrganizationId, TeamId, UserId } from '../../worker/contract/id.ts'
import type { Capability, Sight } from '../../worker/contract/member.ts'
import type { Team } from '../../worker/contract/team.ts'
import { capabilitiesOf } from '../../worker/tenancy/roles.ts'
import { makeApi, type Member } from '../support/api.ts'
import { join } from '../support/joining.ts'
import { makeKey, makeMember, makeOrganization, makeTeam } from '../support/people.ts'

const api = makeApi()
let owner: Member

beforeAll(async () => {
  owner = await api.signUp('Olga')
})

type By = { as: Member } | { key: string }
const send = (method: string, path: string, by: By, body?: object) =>
  api.send(method, `/api/v2/teams${path}`, { ...by, ...(body === undefined ? {} : { body }) })
const make = async (name: string, by: By = { as: owner }): Promise<TeamId> =>
  (await send('POST', '', by, { name })).data.id
const put = (teamId: TeamId, userId: UserId, by: By = { as: owner }) => send('PUT', `/${teamId}/members/${userId}`, by)
const takeOut = (teamId: TeamId, userId: UserId, by: By = { as: owner }) =>
  send('DELETE', `/${teamId}/members/${userId}`, by)
const ids = ({ data }: { data: { items: Team[] } }) => data.items.map(({ id }) => id)
const everything = [...capabilitiesOf('owner')]
const outcome = ({ status, error }: { status: number; error?: { code: string } }) => [status, error?.code]

describe('a team', () => {
  test('is made, read, renamed, filled, emptied and deleted', async () => {
    const editor = await makeMember(owner.organizationId)
    const made = await send('POST', '', { as: owner }, { name: '  Sales ' })
    expect(made.status).toBe(201)
    expect(made.data).toMatchObject({ name: 'Sales', memberCount: 0, members: [] })
    const id = made.data.id as TeamId

    const filled = await put(id, editor)
    expect(filled.data).toMatchObject({ memberCount: 1, members: [{ userId: editor, name: expect.any(String) }] })
    expect((await put(id, editor)).data.memberCount).toBe(1)
    const renamed = await send('PATCH', `/${id}`, { as: owner }, { name: 'Field sales' })
    expect([renamed.status, renamed.data.name, renamed.data.memberCount]).toEqual([200, 'Field sales', 1])
    expect((await send('GET', `/${id}`, { as: owner })).data).toMatchObject({
      name: 'Field sales',
      memberCount: 1,
      members: [{ userId: editor }],
    })
    expect((await takeOut(id, editor)).data).toMatchObject({ memberCount: 0, members: [] })
    expect((await takeOut(id, editor)).status).toBe(200)
    await put(id, editor)
    const gone = await send('DELETE', `/${id}`, { as: owner })
    expect([gone.status, gone.data.name, gone.data.memberCount]).toEqual([200, 'Field sales', 1])
    const places = await env.DB.prepare('SELECT * FROM team_members WHERE team_id = ?').bind(id).all()
    expect(places.results).toEqual([])
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'Late' }],
      ['DELETE', '', undefined],
      ['PUT', `/members/${editor}`, undefined],
      ['DELETE', `/members/${editor}`, undefined],
    ] as const) {
      expect(outcome(await send(method, `/${id}${path}`, { as: owner }, body))).toEqual([404, 'team.not_found'])
    }
  })

  test('has a name that no other team of the organization has, whatever its case, and that others may have', async () => {
    const [here, there] = [await makeOrganization(), await makeOrganization()]
    const keyOf = async (organizationId: OrganizationId) => ({
      key: await makeKey(await makeMember(organizationId, { role: 'owner' }), organizationId, everything),
    })
    const [mine, theirs] = [await keyOf(here), await keyOf(there)]
    const first = await make('Ärzte Süd', mine)
    const second = await make('Support', mine)
    for (const name of ['Ärzte Süd', 'ärzte  süd', 'ÄRZTE SÜD', 'A\u0308rzte Su\u0308d']) {
      expect(outcome(await send('POST', '', mine, { name })), name).toEqual([409, 'team.exists'])
      expect(outcome(await send('PATCH', `/${second}`, mine, { name })), name).toEqual([409, 'team.exists'])
    }
    expect(outcome(await send('POST', '', theirs, { name: 'Ärzte Süd' }))).toEqual([201, undefined])
    // Its own name in another case is no other team's.
    expect((await send('PATCH', `/${first}`, mine, { name: 'ÄRZTE Süd' })).data.name).toBe('ÄRZTE Süd')
    await send('DELETE', `/${first}`, mine)
    expect(outcome(await send('PATCH', `/${second}`, mine, { name: 'Ärzte Süd' }))).toEqual([200, undefined])
  })

  test('of two that are made or renamed at once to one name, one is', async () => {
    const made = await Promise.all(['Twins', 'twins'].map((name) => send('POST', '', { as: owner }, { name })))
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201, 409]))
    const [one, other] = [await make('Left'), await make('Right')]
    const renamed = await Promise.all(
      [one, other].map((id) => send('PATCH', `/${id}`, { as: owner }, { name: 'Middle' })),
    )
    expect(new Set(renamed.map(({ status }) => status))).toEqual(new Set([200, 409]))
  })

  test('K4: has a name of 1 to 80 characters, and an organization at most a hundred', async () => {
    for (const name of ['', '   ', 'n'.repeat(teamLimits.nameLength + 1)]) {
      const answer = await send('POST', '', { as: owner }, { name })
      expect([answer.status, answer.error.details.problems[0].path]).toEqual([400, 'name'])
    }
    const organizationId = await makeOrganization()
    const key = await makeKey(await makeMember(organizationId, { role: 'admin' }), organizationId, everything)
    for (let count = 0; count < teamLimits.teams - 1; count += 1) await makeTeam(organizationId)
    const last = await make('The last', { key })
    expect(outcome(await send('POST', '', { key }, { name: 'One too many' }))).toEqual([409, 'team.too_many'])
    expect(outcome(await send('POST', '', { key }, { name: 'the last' }))).toEqual([409, 'team.exists'])
    await send('DELETE', `/${last}`, { key })
    expect(outcome(await send('POST', '', { key }, { name: 'One again' }))).toEqual([201, undefined])
  })

  test('G5: takes nobody in who is not a member here', async () => {
    const eve = await api.signUp('Eve')
    const id = await make('Closed')
    expect(outcome(await put(id, eve.userId))).toEqual([404, 'member.not_found'])
    expect(outcome(await takeOut(id, eve.userId))).toEqual([404, 'member.not_found'])
    const places = await env.DB.prepare('SELECT * FROM team_members WHERE team_id = ?').bind(id).all()
    expect(places.results).toEqual([])
  })

  test('F14: has no address of the sign-in library any more', async () => {
    for (const [method, path] of [
      ['GET', 'list-teams'],
      ['GET', 'list-user-teams'],
      ['GET', 'list-team-members'],
      ['POST', 'create-team'],
      ['POST', 'update-team'],
      ['POST', 'remove-team'],
      ['POST', 'set-active-team'],
      ['POST', 'add-team-member'],
      ['POST', 'remove-team-member'],
    ] as const) {
      const given = method === 'POST' ? { body: { name: 'Mine', organizationId: owner.organizationId } } : {}
      const answer = await api.send(method, `/api/auth/organization/${path}`, { as: owner, ...given })
      expect([path, ...outcome(answer)]).toEqual([path, 404, 'request.not_found'])
    }
  })
})

describe('who sees which teams', () => {
  test('G6: members those they are in, whoever sees the organization all of its, and nobody another one’s', async () => {
    const [here, there] = [await makeOrganization(), await makeOrganization()]
    const [sales, support] = [await makeTeam(here), await makeTeam(here)]
    const foreign = await makeTeam(there)
    const scopes: Capability[] = ['member.read']
    const of = async (given: Parameters<typeof makeMember>[1]) => ({
      key: await makeKey(await makeMember(here, given), here, scopes),
    })
    const all = [sales, support]
    for (const [by, seen] of [
      [await of({ role: 'owner' }), all],
      [await of({ role: 'admin' }), all],
      [await of({ role: 'auditor' }), all],
      [await of({ role: 'editor', sight: 'organization' }), all],
      [await of({ role: 'editor', teamIds: [sales] }), [sales]],
      [await of({ role: 'editor', teamIds: [support, foreign], sight: 'team' }), [support]],
      [await of({ role: 'operator', teamIds: [sales] }), [sales]],
      [await of({ role: 'viewer', teamIds: [sales] }), [sales]],
      [await of({ role: 'viewer' }), []],
    ] as const) {
      expect(ids(await send('GET', '', by))).toEqual(seen)
      for (const id of [...all, foreign]) {
        const isSeen = seen.some((each) => each === id)
        expect(outcome(await send('GET', `/${id}`, by))).toEqual(isSeen ? [200, undefined] : [404, 'team.not_found'])
      }
      // So do the lists of members, in which a team that is not seen is not named either.
      const { data } = await api.send('GET', '/api/v2/members', by)
      const named = data.items.flatMap(({ teams }: { teams: { id: TeamId }[] }) => teams.map(({ id }) => id))
      expect(new Set(named)).toEqual(new Set(seen))
    }
  })

  test('of one member only those that the caller sees as well', async () => {
    const organizationId = await makeOrganization()
    const [shared, secret] = [await makeTeam(organizationId), await makeTeam(organizationId)]
    const mate = await makeMember(organizationId, { teamIds: [shared, secret] })
    const viewer = await makeMember(organizationId, { role: 'viewer', teamIds: [shared] })
    const admin = await makeMember(organizationId, { role: 'admin' })
    const keyOf = async (userId: UserId) => ({ key: await makeKey(userId, organizationId, ['member.read']) })
    expect(ids(await send('GET', `?member=${mate}`, await keyOf(viewer)))).toEqual([shared])
    expect(ids(await send('GET', `?member=${mate}`, await keyOf(admin)))).toEqual([shared, secret])
    expect(ids(await send('GET', `?member=${admin}`, await keyOf(admin)))).toEqual([])
  })

  test('G4: another organization’s are not there, for their owner neither', async () => {
    const eve = await api.signUp('Eve')
    const [id, victim] = [await make('Canary'), await makeMember(owner.organizationId)]
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'Taken' }],
      ['DELETE', '', undefined],
      ['PUT', `/members/${victim}`, undefined],
      ['PUT', `/members/${eve.userId}`, undefined],
      ['DELETE', `/members/${eve.userId}`, undefined],
    ] as const) {
      const answer = await send(method, `/${id}${path}`, { as: eve }, body)
      expect(outcome(answer)).toEqual([404, 'team.not_found'])
      expect(answer.text).not.toContain('Canary')
    }
    // A member of theirs is as unknown to a team of her own.
    const own = await make('Eve’s', { as: eve })
    expect(outcome(await put(own, victim, { as: eve }))).toEqual([404, 'member.not_found'])
    expect(ids(await send('GET', `?member=${victim}`, { as: eve }))).toEqual([])
  })

  test('G14: only those who manage members make, change and fill them, and keys only with that scope', async () => {
    const { organizationId } = owner
    const id = await make('Guarded')
    const editor = await makeMember(organizationId, { role: 'editor', teamIds: [id] })
    const admin = await makeMember(organizationId, { role: 'admin' })
    for (const key of [
      await makeKey(editor, organizationId, everything),
      await makeKey(admin, organizationId, ['member.read', 'workflow.write']),
    ]) {
      for (const [method, path, body] of [
        ['POST', '', { name: 'Mine' }],
        ['PATCH', `/${id}`, { name: 'Mine' }],
        ['DELETE', `/${id}`, undefined],
        ['PUT', `/${id}/members/${admin}`, undefined],
        ['PUT', `/${id}/members/${editor}`, undefined],
        ['DELETE', `/${id}/members/${admin}`, undefined],
        // Nobody’s key leaves for them.
        ['DELETE', `/${id}/members/${editor}`, undefined],
      ] as const) {
        const answer = await send(method, path, { key }, body)
        expect([method, path, ...outcome(answer)]).toEqual([method, path, 403, 'auth.forbidden'])
      }
    }
    expect((await send('GET', `/${id}`, { as: owner })).data).toMatchObject({ name: 'Guarded', memberCount: 1 })
  })
})

describe('what is shared with a team', () => {
  let mate: Member
  let lead: Member
  const workflowsOf = async (as: Member) =>
    (await api.send('GET', '/api/v2/workflows', { as })).data.items.map(({ name }: { name: string }) => name).sort()
  const contactsOf = async (as: Member) =>
    (await api.send('GET', '/api/v2/contacts', { as })).data.items.map(({ name }: { name: string }) => name).sort()
  const share = async (as: Member, name: string, visibility: Sight) => {
    const made = await api.send('POST', '/api/v2/workflows', { as, body: { name, visibility } })
    expect(made.status).toBe(201)
    const body = { firstName: name, visibility }
    expect((await api.send('POST', '/api/v2/contacts', { as, body })).status).toBe(201)
    return made.data.id as string
  }

  beforeAll(async () => {
    ;[mate, lead] = [await api.signUp('Mia'), await api.signUp('Leo')]
    await join(api, owner, mate, 'editor')
    await join(api, owner, lead, 'editor')
  })

  test('is seen from the next request on by whoever comes into it, and no longer by whoever leaves it', async () => {
    const id = await make('Couriers')
    await share(mate, 'Shared', 'team')
    await share(mate, 'Kept', 'own')
    const mine = async () => (await api.send('GET', '/api/v2/me', { as: lead })).data.teamIds
    await put(id, mate.userId)
    expect([await workflowsOf(lead), await contactsOf(lead), await mine()]).toEqual([[], [], []])
    await put(id, lead.userId)
    expect([await workflowsOf(lead), await contactsOf(lead), await mine()]).toEqual([['Shared'], ['Shared'], [id]])
    // One leaves by oneself, and hears what one has left.
    const left = await takeOut(id, lead.userId, { as: lead })
    expect([left.status, left.data.members]).toEqual([200, [expect.objectContaining({ userId: mate.userId })]])
    expect([await workflowsOf(lead), await contactsOf(lead), await mine()]).toEqual([[], [], []])
    // Out of a team that one is not in there is nothing to leave.
    expect(outcome(await takeOut(id, lead.userId, { as: lead }))).toEqual([404, 'team.not_found'])
    await put(id, lead.userId)
    expect(await workflowsOf(lead)).toEqual(['Shared'])
    await takeOut(id, mate.userId)
    expect([await workflowsOf(lead), await workflowsOf(mate)]).toEqual([[], ['Kept', 'Shared']])
    await send('DELETE', `/${id}`, { as: owner })
  })

  test('is its maker’s alone when the team is deleted, unless another one sees it, and nothing is lost', async () => {
    const [first, second] = [await make('First'), await make('Second')]
    for (const id of [first, second]) for (const { userId } of [mate, lead]) await put(id, userId)
    const workflowId = await share(lead, 'Plan', 'team')
    expect(await workflowsOf(mate)).toContain('Plan')
    await send('DELETE', `/${first}`, { as: owner })
    expect(await workflowsOf(mate)).toContain('Plan')
    await send('DELETE', `/${second}`, { as: owner })
    expect(await workflowsOf(mate)).not.toContain('Plan')
    expect(await contactsOf(mate)).not.toContain('Plan')
    expect((await api.send('GET', `/api/v2/workflows/${workflowId}`, { as: mate })).status).toBe(404)

    // Its maker has it as it was, and so have those who see everything.
    for (const as of [lead, owner]) {
      const { data } = await api.send('GET', `/api/v2/workflows/${workflowId}`, { as })
      expect(data).toMatchObject({ name: 'Plan', visibility: 'team', status: 'draft' })
      expect(await contactsOf(as)).toContain('Plan')
    }
    // It is shared with the next team that they are in.
    const third = await make('Third')
    for (const { userId } of [mate, lead]) await put(third, userId)
    expect(await workflowsOf(mate)).toContain('Plan')
  })

  test('is seen by a key of its members within five seconds', async () => {
    let at = Date.now()
    const slow = makeApi({ now: () => new Date(at) })
    const id = await make('Keys')
    await put(id, mate.userId)
    await share(mate, 'Late', 'team')
    const key = await makeKey(lead.userId, owner.organizationId, ['workflow.read'])
    const seen = async () =>
      (await slow.send('GET', '/api/v2/workflows', { key })).data.items.some(
        ({ name }: { name: string }) => name === 'Late',
      )
    const teams = (await api.send('GET', '/api/v2/teams', { as: lead })).data.items
    for (const team of teams) await takeOut(team.id, lead.userId)
    expect(await seen()).toBe(false)
    await put(id, lead.userId)
    at += 5_001
    expect(await seen()).toBe(true)
    await takeOut(id, lead.userId)
    at += 5_001
    expect(await seen()).toBe(false)
  })
})
