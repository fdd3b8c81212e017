import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { OrganizationId, UserId } from '../contract/id.ts'
import type { Role } from '../contract/member.ts'
import type { Actor } from './audit.ts'
import type { Database } from './database.ts'
import { isPending } from './invitations.ts'
import { auditEntries } from './schema/db/access.ts'
import { invitations } from './schema/db/people.ts'

interface Ended {
  organizationId: OrganizationId
  /** Who made them. */
  userId: UserId
  /** To which roles; undefined for all. */
  roles: readonly Role[] | undefined
  where: SQL
}

/**
 * Statements that end somebody's open invitations, each with its entry in the audit. Ended for good: whoever is given back
 * what they could does not find the old links good again.
 */
export function endInvitationsOf(db: Database, actor: Actor, { organizationId, userId, roles, where }: Ended) {
  const theirs = and(
    eq(invitations.organizationId, organizationId),
    isPending,
    eq(invitations.inviterId, userId),
    roles === undefined ? undefined : inArray(invitations.role, [...roles]),
    where,
  )
  return [
    // In the order of the table's columns.
    db.insert(auditEntries).select(sql`
      SELECT NULL, ${Date.now()}, ${actor.organizationId}, ${actor.actorId}, ${actor.via}, ${actor.apiKeyId},
        'invitation.revoked', ${invitations.id}, 'done', ${actor.requestId},
        json_object('email', ${invitations.email}, 'role', ${invitations.role}, 'inviter', ${invitations.inviterId})
      FROM ${invitations} WHERE ${theirs}`),
    db.update(invitations).set({ status: 'canceled' }).where(theirs),
  ] as const
}
