import type { InvitationId } from '../../contract/id.ts'
import type { CreatedInvitation } from '../../contract/invitation.ts'
import { appError } from '../../lib/app-error.ts'
import { invitationLink } from './invitation-token.ts'
import { newSecretText, secretHash } from '../../lib/secret-text.ts'
import type { Context } from '../context.ts'
import { lifetimeMs } from './limits.ts'
import { requireInvitation } from './require-invitation.ts'

/**
 * Gives an open invitation a new link and a new end; the link before opens nothing any more. The caller answers for it from
 * now on. The link is in this answer only. Throws `invitation.not_found`, and `auth.forbidden` where its role may do more
 * than the caller.
 */
export async function renewInvitation(
  context: Pick<Context, 'scope' | 'member' | 'invitations' | 'now' | 'origin'>,
  id: InvitationId,
): Promise<CreatedInvitation> {
  const { scope, member, invitations, now, origin } = context
  const invitation = await requireInvitation(context, id)
  const token = newSecretText()
  const expiresAt = new Date(now().getTime() + lifetimeMs)
  const isRenewed = await invitations.renew(invitation, { tokenHash: secretHash(token), expiresAt })
  if (!isRenewed) throw appError('invitation.not_found')
  return {
    ...invitation,
    invitedBy: { userId: scope.userId, name: member.userName },
    expiresAt: expiresAt.toISOString(),
    link: invitationLink(origin, token),
  }
}
