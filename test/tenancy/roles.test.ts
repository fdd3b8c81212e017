import { describe, expect, test } from 'vitest'
import { Role, type Capability } from '../../worker/contract/member.ts'
import { capabilities } from '../../worker/contract/facts/member.ts'
import { newId } from '../../worker/lib/id.ts'
import { capabilitiesOf, sightOf } from '../../worker/tenancy/roles.ts'
import { admitApiKey, admitMember, requireCapability, type Membership } from '../../worker/tenancy/scope.ts'

const membership: Membership = {
  organizationId: newId('organization'),
  userId: newId('user'),
  role: 'editor',
  sight: null,
  teamIds: [],
}

describe('what a role may do', () => {
  test('is written down once, and a change of it is a visible one', () => {
    const table = Object.fromEntries(Role.options.map((role) => [role, [...capabilitiesOf(role)].sort()]))
    expect(table).toMatchSnapshot()
  })

  test('an owner may do everything, and nobody more than an owner', () => {
    expect([...capabilitiesOf('owner')].sort()).toEqual([...capabilities].sort())
  })

  test('a viewer and an auditor change nothing', () => {
    const changing: Capability[] = capabilities.filter((capability) => !/\.read(_payload)?$/.test(capability))
    for (const role of ['viewer', 'auditor'] as const) {
      expect(changing.filter((capability) => capabilitiesOf(role).has(capability))).toEqual([])
    }
  })

  test('an auditor sees what happened and not what flowed', () => {
    expect(capabilitiesOf('auditor').has('audit.read')).toBe(true)
    expect(capabilitiesOf('auditor').has('execution.read_payload')).toBe(false)
  })
})

describe('how far a member sees', () => {
  test('is widened by what was granted, never narrowed', () => {
    expect(sightOf('editor', null)).toBe('own')
    expect(sightOf('editor', 'team')).toBe('team')
    expect(sightOf('viewer', 'organization')).toBe('organization')
    expect(sightOf('admin', 'own')).toBe('organization')
  })
})

test('whoever may manage members sees the whole organization by their role, and so all of its teams', () => {
  const managing = Role.options.filter((role) => capabilitiesOf(role).has('member.manage'))
  expect(managing.map((role) => sightOf(role, null))).toEqual(managing.map(() => 'organization'))
})

describe('a scope', () => {
  test('of a session carries all of the role', () => {
    expect(admitMember(membership).capabilities).toEqual(capabilitiesOf('editor'))
  })

  test('G9: of a key carries its scopes, and of those only what its maker may do now', () => {
    const key = { id: newId('apiKey'), scopes: ['workflow.read', 'member.manage'] as Capability[] }
    expect([...admitApiKey(membership, key).capabilities]).toEqual(['workflow.read'])
    expect([...admitApiKey({ ...membership, role: 'owner' }, key).capabilities]).toEqual(key.scopes)
  })

  test('refuses by name what it does not carry', () => {
    const scope = admitMember({ ...membership, role: 'viewer' })
    expect(() => requireCapability(scope, 'workflow.read')).not.toThrow()
    expect(() => requireCapability(scope, 'workflow.write')).toThrowError(
      expect.objectContaining({ code: 'auth.forbidden', details: { needs: 'workflow.write' } }),
    )
  })
})
