import { createAccessControl } from 'better-auth/plugins/access'
import { Role } from '../../contract/member.ts'
import { capabilitiesOf } from '../../tenancy/roles.ts'

const control = createAccessControl({
  organization: ['update', 'delete'],
  member: ['create', 'update', 'delete'],
  ac: ['create', 'read', 'update', 'delete'],
})

/** What our roles may do in the organization plugin, said by our own table: it has no opinion of its own. */
export const organizationRoles = Object.fromEntries(
  Role.options.map((role) => {
    const may = capabilitiesOf(role)
    const managesMembers = may.has('member.manage')
    return [
      role,
      control.newRole({
        organization: may.has('organization.manage') ? ['update'] : [],
        member: managesMembers ? ['create', 'update', 'delete'] : [],
        ac: [],
      }),
    ]
  }),
)

export const accessControl = control
