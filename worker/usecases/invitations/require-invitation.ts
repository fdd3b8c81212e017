import type { InvitationId } from '../../contract/id.ts'
import type { Invitation } from '../../contract/invitation.ts'
import { appError } from '../../lib/app-error.ts'
import { requireMayGive } from '../../tenancy/giving.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * An open invitation that the caller may do something with. Throws `invitation.not_found`, and `auth.forbidden` where its
 * role may do more than the caller.
 */
export async function requireInvitation(
  { scope, invitations }: Pick<Context, 'scope' | 'invitations'>,
  id: InvitationId,
): Promise<Invitation> {
  requireCapability(scope, 'member.manage')
  const invitation = await invitations.find(id)
  if (invitation === undefined) throw appError('invitation.not_found')
  const { email, role } = invitation
  requireMayGive(scope, role, { email, role })
  return invitation
}
