// invitation-links
//
// What whoever has an invitation's link can do with it. They are members of nothing here yet, so these statements are not
// built from a scope: they start from the hash of what the link carries, and say which organization that opens.

import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import type { InvitationId, OrganizationId, UserId } from '../contract/id.ts'
import type { Role } from '../contract/member.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { isPending } from './invitations.ts'
import { invitations, members, organizations, sessions, users, type InvitationState } from './schema/db/people.ts'

/** An invitation as its link names it. */
export interface FoundInvitation {
  id: InvitationId
  organization: { id: OrganizationId; name: string }
  email: string
  role: Role
  state: InvitationState
  expiresAt: Date
  /** Who answers for it; their role is null once they have left. */
  inviter: { id: UserId; name: string; role: Role | null }
}

/** Who accepts: a person, and the session that is to open the organization. */
export interface Accepting {
  userId: UserId
  sessionToken: string
  /** Of the new membership. */
  memberId: string
  at: Date
  /** The roles whose members may give the role of the invitation. */
  givers: readonly Role[]
  /** How many members the organization may have. */
  most: number
}

/** `by` is who has the link, as far as they signed in: the audit of the organization tells it. */
export function invitationLinks(db: Database, by: { userId: UserId | undefined; requestId: string | null }) {
  const deed = ({ id, organization, email, role }: FoundInvitation, action: string) => {
    const via = by.userId === undefined ? ('nobody' as const) : ('session' as const)
    const actor: Actor = {
      organizationId: organization.id,
      actorId: by.userId ?? null,
      via,
      apiKeyId: null,
      requestId: by.requestId,
    }
    return deedIfChanged(db, actor, { action, targetId: id, details: { email, role } })
  }

  return {
    async find(tokenHash: string): Promise<FoundInvitation | undefined> {
      const [row] = await db
        .select({
          id: invitations.id,
          organizationId: organizations.id,
          organizationName: organizations.name,
          email: invitations.email,
          role: invitations.role,
          state: invitations.status,
          expiresAt: invitations.expiresAt,
          inviterId: invitations.inviterId,
          inviterName: users.name,
          inviterRole: members.role,
        })
        .from(invitations)
        .innerJoin(organizations, eq(organizations.id, invitations.organizationId))
        .innerJoin(users, eq(users.id, invitations.inviterId))
        .leftJoin(
          members,
          and(eq(members.userId, invitations.inviterId), eq(members.organizationId, invitations.organizationId)),
        )
        .where(eq(invitations.tokenHash, tokenHash))
        .limit(1)
      if (row === undefined || row.role === null) return undefined
      const { organizationId, organizationName, inviterId, inviterName, inviterRole, role, ...rest } = row
      return {
        ...rest,
        role,
        organization: { id: organizationId, name: organizationName },
        inviter: { id: inviterId, name: inviterName, role: inviterRole },
      }
    },

    /**
     * Uses an invitation up and makes the person a member, all of it or nothing: what it depends on is looked at by the
     * statement that uses it. Whoever is a member already stays what they are. False where it could not be used.
     */
    async accept(
      found: FoundInvitation,
      { userId, sessionToken, memberId, at, givers, most }: Accepting,
    ): Promise<boolean> {
      const { id, role, organization } = found
      const inOrganization = sql`organization_id = ${organization.id}`
      const [used] = await db.batch([
        db
          .update(invitations)
          .set({ status: 'accepted' })
          .where(
            and(
              eq(invitations.id, id),
              isPending,
              gt(invitations.expiresAt, at),
              eq(invitations.role, role),
              sql`${invitations.email} = (SELECT email FROM users WHERE id = ${userId})`,
              sql`EXISTS (
                SELECT 1 FROM members m
                WHERE m.organization_id = ${invitations.organizationId} AND m.user_id = ${invitations.inviterId}
                  AND ${inArray(sql`m.role`, [...givers])})`,
              sql`(SELECT count(*) FROM members WHERE ${inOrganization}) < ${most}`,
            ),
          )
          .returning({ id: invitations.id }),
        deed(found, 'invitation.accepted'),
        // In the order of the table's columns.
        db
          .insert(members)
          .select(
            sql`SELECT ${memberId}, ${organization.id}, ${userId}, ${role}, NULL, ${at.getTime()} WHERE changes() > 0`,
          )
          .onConflictDoNothing(),
        db
          .update(sessions)
          .set({ activeOrganizationId: organization.id })
          .where(
            and(
              eq(sessions.token, sessionToken),
              eq(sessions.userId, userId),
              sql`EXISTS (SELECT 1 FROM members WHERE ${inOrganization} AND user_id = ${userId})`,
            ),
          ),
      ])
      return used.length > 0
    },

    /** Ends an open invitation because the invited person does not want it. False where it is over already. */
    async decline(found: FoundInvitation, at: Date): Promise<boolean> {
      const [ended] = await db.batch([
        db
          .update(invitations)
          .set({ status: 'rejected' })
          .where(and(eq(invitations.id, found.id), isPending, gt(invitations.expiresAt, at)))
          .returning({ id: invitations.id }),
        deed(found, 'invitation.declined'),
      ])
      return ended.length > 0
    },
  }
}

export type InvitationLinks = ReturnType<typeof invitationLinks>
