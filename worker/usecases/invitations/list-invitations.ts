import type { Invitation } from '../../contract/invitation.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The open invitations, newest first; for those who manage members, and never with what would let anybody in. */
export async function listInvitations({
  scope,
  invitations,
}: Pick<Context, 'scope' | 'invitations'>): Promise<Invitation[]> {
  requireCapability(scope, 'member.manage')
  return invitations.list()
}
