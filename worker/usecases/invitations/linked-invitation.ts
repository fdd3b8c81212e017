import type { InvitationStatus, LinkedInvitation } from '../../contract/invitation.ts'
import type { UserId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { base32 } from '../../lib/base32.ts'
import { isInvitationToken } from './invitation-token.ts'
import { randomBytes } from '../../lib/random-bytes.ts'
import { secretHash } from '../../lib/secret-text.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { FoundInvitation, InvitationLinks } from '../../store/invitation-links.ts'
import { rolesThatGive } from '../../tenancy/giving.ts'
import { mostMembers } from './limits.ts'

// What whoever has an invitation's link can do: look at it, decline it, and accept it with the account it is for. They
// are admitted to nothing yet; what they have proved is that they have the link.

interface Needs {
  links: InvitationLinks
  now: () => Date
}

/** Whoever signed in, member of something or not. */
export interface SignedIn {
  userId: UserId
  email: string
  sessionToken: string
}

/** What the link is for, and whether it is still good. Throws `invitation.not_found`. */
export async function lookAtInvitation(needs: Needs, token: string): Promise<LinkedInvitation> {
  return present(await find(needs, token), needs.now())
}

/**
 * Makes the person a member, once, and opens the organization in their session. Throws `invitation.not_found`,
 * `invitation.other_address` for an account that it is not for, `invitation.expired`, `invitation.closed` and
 * `member.too_many`.
 */
export async function acceptInvitation(
  needs: Needs,
  token: string,
  { userId, email, sessionToken }: SignedIn,
): Promise<LinkedInvitation> {
  const { links, now } = needs
  const found = await find(needs, token)
  if (found.email !== email) throw appError('invitation.other_address')
  requireOpen(found, now())
  const isUsed = await links.accept(found, {
    userId,
    sessionToken,
    memberId: base32(randomBytes(20)),
    at: now(),
    givers: rolesThatGive(found.role),
    most: mostMembers,
  })
  const after = await find(needs, token)
  if (isUsed) return present(after, now())
  requireOpen(after, now())
  // Nothing else is in its way.
  throw appError('member.too_many')
}

/** Ends the invitation, which needs no account. Throws `invitation.not_found`, `invitation.expired` and `invitation.closed`. */
export async function declineInvitation(needs: Needs, token: string): Promise<LinkedInvitation> {
  const { links, now } = needs
  const found = await find(needs, token)
  requireOpen(found, now())
  const isEnded = await links.decline(found, now())
  const after = await find(needs, token)
  if (!isEnded) requireOpen(after, now())
  return present(after, now())
}

async function find({ links }: Needs, token: string): Promise<FoundInvitation> {
  const found = isInvitationToken(token) ? await links.find(secretHash(token)) : undefined
  if (found === undefined) throw appError('invitation.not_found')
  return found
}

function requireOpen(found: FoundInvitation, now: Date): void {
  const status = statusOf(found, now)
  if (status === 'expired') throw appError('invitation.expired')
  if (status !== 'open') throw appError('invitation.closed', { details: { status } })
}

/** What came of it. One whose maker may no longer give the role is as good as taken back. */
function statusOf({ state, expiresAt, role, inviter }: FoundInvitation, now: Date): InvitationStatus {
  switch (state) {
    case 'pending':
      if (inviter.role === null || !rolesThatGive(role).includes(inviter.role)) return 'revoked'
      return expiresAt <= now ? 'expired' : 'open'
    case 'accepted':
      return 'accepted'
    case 'rejected':
      return 'declined'
    case 'canceled':
      return 'revoked'
    default:
      return unreachable(state)
  }
}

function present(found: FoundInvitation, now: Date): LinkedInvitation {
  const { organization, email, role, inviter, expiresAt } = found
  return {
    status: statusOf(found, now),
    organization,
    email,
    role,
    invitedBy: inviter.name,
    expiresAt: expiresAt.toISOString(),
  }
}
