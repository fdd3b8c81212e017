import type { InvitationId } from '../../contract/id.ts'
import type { CreatedInvitation } from '../../contract/invitation.ts'
import { appError } from '../../lib/app-error.ts'
import { invitationLink, invitationTokenHash, newInvitationToken } from '../../lib/invitation-token.ts'
import { requireMayGive } from '../../tenancy/giving.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { lifetimeMs } from './limits.ts'

/**
 * Gives an open invitation a new link and a new end; the link before opens nothing any more. The caller answers for it from
 * now on. The link is in this answer only. Throws `invitation.not_found`, and `auth.forbidden` where its role may do more
 * than the caller.
 */
export async function renewInvitation(
  { scope, member, invitations, now, origin }: Pick<Context, 'scope' | 'member' | 'invitations' | 'now' | 'origin'>,
  id: InvitationId,
): Promise<CreatedInvitation> {
  requireCapability(scope, 'member.manage')
  const invitation = await invitations.find(id)
  if (invitation === undefined) throw appError('invitation.not_found')
  const { email, role } = invitation
  requireMayGive(scope, role, { email, role })
  const token = newInvitationToken()
  const expiresAt = new Date(now().getTime() + lifetimeMs)
  const isRenewed = await invitations.renew(invitation, { tokenHash: invitationTokenHash(token), expiresAt })
  if (!isRenewed) throw appError('invitation.not_found')
  return {
    ...invitation,
    invitedBy: { userId: scope.userId, name: member.userName },
    expiresAt: expiresAt.toISOString(),
    link: invitationLink(origin, token),
  }
}
