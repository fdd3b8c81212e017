import { z } from 'zod'
import { InvitationId, OrganizationId, UserId } from './id.ts'
import { Role } from './member.ts'

const instant = z.iso.datetime()

/** An open invitation as those see it who manage members. Nothing in it lets anybody in. */
export const Invitation = z
  .strictObject({
    id: InvitationId,
    /** Whose it is: an account with this address, and no other, can accept it. */
    email: z.string(),
    role: Role,
    /** Who answers for it. It ends when they may no longer give the role. */
    invitedBy: z.strictObject({ userId: UserId, name: z.string() }),
    createdAt: instant,
    /** It may be over: an expired one is listed until it is renewed or revoked. */
    expiresAt: instant,
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof Invitation>

/** `link` is what lets the invited person in: shown this once, and kept as a hash. */
export const CreatedInvitation = Invitation.extend({ link: z.url() }).meta({ id: 'CreatedInvitation' })
export type CreatedInvitation = z.infer<typeof CreatedInvitation>

/** `POST /invitations`. */
export const InviteRequest = z
  .strictObject({
    email: z
      .string()
      .trim()
      .toLowerCase()
      .max(254)
      .pipe(z.email())
      .describe('Whom to invite: the link goes to this address.'),
    role: Role.describe('What they will be; never what may do more than the caller.'),
  })
  .meta({ id: 'InviteRequest' })
export type InviteRequest = z.infer<typeof InviteRequest>

/** What an invitation's link carries behind its `#`. */
export const InvitationTokenRequest = z
  .strictObject({
    token: z.string().min(1).max(200).describe('What the link of the invitation carries behind its `#`.'),
  })
  .meta({ id: 'InvitationTokenRequest' })
export type InvitationTokenRequest = z.infer<typeof InvitationTokenRequest>

/** What came of an invitation. `revoked` also where whoever made it may no longer give the role. */
export const InvitationStatus = z
  .enum(['open', 'expired', 'revoked', 'declined', 'accepted'])
  .meta({ id: 'InvitationStatus' })
export type InvitationStatus = z.infer<typeof InvitationStatus>

/** An invitation as whoever has its link sees it. */
export const LinkedInvitation = z
  .strictObject({
    status: InvitationStatus,
    organization: z.strictObject({ id: OrganizationId, name: z.string() }),
    email: z.string(),
    role: Role,
    /** Their name. */
    invitedBy: z.string(),
    expiresAt: instant,
  })
  .meta({ id: 'LinkedInvitation' })
export type LinkedInvitation = z.infer<typeof LinkedInvitation>
