import { expect, test } from 'vitest'
import { Role } from '../../worker/contract/member.ts'
import { sightOf } from '../../worker/tenancy/roles.ts'
import { rolesThatSeeAll } from '../../web/src/lib/session/role-words.ts'

test('wider sight is offered for the roles that do not see everything by themselves', () => {
  expect(rolesThatSeeAll).toEqual(Role.options.filter((role) => sightOf(role, null) === 'organization'))
})
