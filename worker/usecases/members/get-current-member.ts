import type { CurrentMember } from '../../contract/member.ts'
import { rolesToGive } from '../../tenancy/giving.ts'
import type { Context } from '../context.ts'

/** Who is calling, where, and what they may do. */
export async function getCurrentMember({
  scope,
  member,
  listOrganizations,
}: Pick<Context, 'scope' | 'member' | 'listOrganizations'>): Promise<CurrentMember> {
  return {
    userId: scope.userId,
    name: member.userName,
    email: member.email,
    organization: member.organization,
    // A key opens one organization: which others its maker belongs to is not its business.
    organizations: scope.via === 'session' ? await listOrganizations() : [{ ...member.organization, role: scope.role }],
    role: scope.role,
    teamIds: [...scope.teamIds],
    sight: scope.sight,
    capabilities: [...scope.capabilities],
    rolesToGive: rolesToGive(scope.capabilities),
    via: scope.via,
  }
}
