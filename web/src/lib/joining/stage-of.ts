import type { LinkedInvitation } from '#contract/invitation.ts'
import type { CurrentMember } from '#contract/member.ts'

/** Who looks at an invitation: nobody who signed in, or an account, with the organizations it belongs to. */
export type Visitor =
  | { kind: 'nobody' }
  | { kind: 'account'; email: string; organizationIds: readonly string[] }
  /** Of an account that belongs to nothing the page does not know the address; `isOther` once the server said it is none. */
  | { kind: 'homeless'; isOther: boolean }

/**
 * Where somebody stands with an invitation. `closed` says how it ended: with `isMember` they are in that organization all
 * the same, be it by this invitation or by another.
 */
export type Stage =
  | { kind: 'signIn' }
  | { kind: 'decide' }
  /** `email` is undefined where only the server knows it. */
  | { kind: 'otherAccount'; email: string | undefined }
  | { kind: 'closed'; how: Exclude<LinkedInvitation['status'], 'open'>; isMember: boolean }

export function stageOf({ status, email, organization }: LinkedInvitation, visitor: Visitor): Stage {
  const isMember = visitor.kind === 'account' && visitor.organizationIds.includes(organization.id)
  if (status !== 'open') return { kind: 'closed', how: status, isMember }
  if (visitor.kind === 'nobody') return { kind: 'signIn' }
  if (visitor.kind === 'homeless')
    return visitor.isOther ? { kind: 'otherAccount', email: undefined } : { kind: 'decide' }
  if (visitor.email !== email) return { kind: 'otherAccount', email: visitor.email }
  return { kind: 'decide' }
}

/** A member as a visitor. */
export function visitorOf(member: Pick<CurrentMember, 'email' | 'organizations'>): Visitor {
  return { kind: 'account', email: member.email, organizationIds: member.organizations.map(({ id }) => id) }
}

/** How an invitation ended, as its page says it, and what can be done about it. */
export function closedWords(
  how: Exclude<LinkedInvitation['status'], 'open'>,
  { organization, invitedBy }: Pick<LinkedInvitation, 'organization' | 'invitedBy'>,
): { title: string; detail: string } {
  switch (how) {
    case 'expired':
      return {
        title: 'This invitation has expired',
        detail: `It was to ${organization.name}. Ask ${invitedBy} for a new link.`,
      }
    case 'revoked':
      return {
        title: 'This invitation was taken back',
        detail: `It was to ${organization.name}. If that surprises you, ask there who may invite you.`,
      }
    case 'declined':
      return {
        title: 'This invitation was declined',
        detail: `Nothing came of it. To join ${organization.name} after all, ask ${invitedBy} for a new one.`,
      }
    case 'accepted':
      return {
        title: 'This invitation was used already',
        detail: `Sign in with the address that it was for to be in ${organization.name}.`,
      }
  }
}
