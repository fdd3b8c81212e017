import type { InvitationId } from '../../contract/id.ts'
import type { Invitation } from '../../contract/invitation.ts'
import { appError } from '../../lib/app-error.ts'
import type { Context } from '../context.ts'
import { requireInvitation } from './require-invitation.ts'

/**
 * Ends an open invitation for good. Throws `invitation.not_found`, and `auth.forbidden` where its role may do more than the
 * caller.
 */
export async function revokeInvitation(
  context: Pick<Context, 'scope' | 'invitations'>,
  id: InvitationId,
): Promise<Invitation> {
  const invitation = await requireInvitation(context, id)
  if (!(await context.invitations.revoke(invitation))) throw appError('invitation.not_found')
  return invitation
}
