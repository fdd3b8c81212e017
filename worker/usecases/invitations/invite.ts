import type { CreatedInvitation, InviteRequest } from '../../contract/invitation.ts'
import { appError } from '../../lib/app-error.ts'
import { newId } from '../../lib/id.ts'
import { invitationLink } from './invitation-token.ts'
import { newSecretText, secretHash } from '../../lib/secret-text.ts'
import { requireMayGive } from '../../tenancy/giving.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { lifetimeMs, mostOpen } from './limits.ts'

type Needs = Pick<Context, 'scope' | 'member' | 'members' | 'invitations' | 'now' | 'origin'>

/**
 * Invites somebody by their e-mail address. The link is in this answer and nowhere else, ever again. An open invitation for
 * the same address ends. Throws `auth.forbidden` where the role, or that of the invitation that would end, may do more than
 * the caller; `member.exists`; and `invitation.too_many`.
 */
export async function invite(context: Needs, { email, role }: InviteRequest): Promise<CreatedInvitation> {
  const { scope, member, members, invitations, now, origin } = context
  requireCapability(scope, 'member.manage')
  requireMayGive(scope, role, { email, role })
  if (await members.has(email)) throw appError('member.exists')
  const before = await invitations.findFor(email)
  if (before !== undefined) requireMayGive(scope, before.role, { email, role })

  const at = now()
  if (before === undefined && (await invitations.countOpen(at)) >= mostOpen) throw appError('invitation.too_many')
  const token = newSecretText()
  const id = newId('invitation', at.getTime())
  const expiresAt = new Date(at.getTime() + lifetimeMs)
  const made = { id, email, role, tokenHash: secretHash(token), at, expiresAt }
  // Somebody else invited them meanwhile: theirs is the one before now.
  if (!(await invitations.create(made, before))) return invite(context, { email, role })
  return {
    id,
    email,
    role,
    invitedBy: { userId: scope.userId, name: member.userName },
    createdAt: at.toISOString(),
    expiresAt: expiresAt.toISOString(),
    link: invitationLink(origin, token),
  }
}
