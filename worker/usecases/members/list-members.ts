import type { Member } from '../../contract/member.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Everybody who belongs to the organization, the first joined first. */
export async function listMembers({ scope, members }: Pick<Context, 'scope' | 'members'>): Promise<Member[]> {
  requireCapability(scope, 'member.read')
  return members.list()
}
