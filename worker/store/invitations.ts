import { and, count, desc, eq, gt, sql, type SQL } from 'drizzle-orm'
import type { InvitationId } from '../contract/id.ts'
import type { Invitation } from '../contract/invitation.ts'
import type { Role } from '../contract/member.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { invitations, users } from './schema/db/people.ts'

/** Written out, because a bound value would not be seen to fit the index of the open ones. */
export const isPending: SQL = sql`${invitations.status} = 'pending'`

/** What an invitation is made of, beside who makes it. */
export interface NewInvitation {
  id: InvitationId
  email: string
  role: Role
  tokenHash: string
  at: Date
  expiresAt: Date
}

/**
 * The organization's open invitations; expired ones are among them. In the audit they are named by their ids, which open
 * nothing.
 */
export function invitationStore(db: Database, scope: Scope, actor: Actor) {
  const pending = and(eq(invitations.organizationId, scope.organizationId), isPending)
  const one = (id: InvitationId) => and(pending, eq(invitations.id, id))

  async function read(condition: SQL | undefined): Promise<Invitation[]> {
    const rows = await db
      .select({
        id: invitations.id,
        email: invitations.email,
        role: invitations.role,
        inviterId: invitations.inviterId,
        inviterName: users.name,
        createdAt: invitations.createdAt,
        expiresAt: invitations.expiresAt,
      })
      .from(invitations)
      .innerJoin(users, eq(users.id, invitations.inviterId))
      .where(condition)
      .orderBy(desc(invitations.createdAt), desc(invitations.id))
      .limit(500)
    return rows.flatMap(({ role, inviterId, inviterName, createdAt, expiresAt, ...row }) => {
      // The sign-in library's table allows none; of ours every one has a role.
      if (role === null) return []
      const invitedBy = { userId: inviterId, name: inviterName }
      return [{ ...row, role, invitedBy, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() }]
    })
  }

  return {
    /** Newest first. */
    list: () => read(pending),

    async find(id: InvitationId): Promise<Invitation | undefined> {
      return (await read(one(id)))[0]
    },

    /** The open one for an address, in lower case. */
    async findFor(email: string): Promise<Invitation | undefined> {
      return (await read(and(pending, eq(invitations.email, email))))[0]
    },

    /** How many have not expired. */
    async countOpen(now: Date): Promise<number> {
      const [row] = await db
        .select({ open: count() })
        .from(invitations)
        .where(and(pending, gt(invitations.expiresAt, now)))
      return row?.open ?? 0
    },

    /** Makes an invitation, in the place of another one where there is one. False where one was made meanwhile. */
    async create(made: NewInvitation, instead: Invitation | undefined): Promise<boolean> {
      const { id, email, role, tokenHash, at, expiresAt } = made
      const insert = db
        .insert(invitations)
        .values({
          id,
          organizationId: scope.organizationId,
          email,
          role,
          status: 'pending',
          expiresAt,
          createdAt: at,
          inviterId: scope.userId,
          tokenHash,
        })
        .onConflictDoNothing()
        .returning({ id: invitations.id })
      const deed = deedIfChanged(db, actor, { action: 'invitation.created', targetId: id, details: { email, role } })
      if (instead === undefined) return (await db.batch([insert, deed]))[0].length > 0
      const [, , rows] = await db.batch([...ending(instead), insert, deed])
      return rows.length > 0
    },

    /** Gives an open invitation another link and end, and the caller as who answers for it. False where it is over. */
    async renew({ id, email, role }: Invitation, next: { tokenHash: string; expiresAt: Date }): Promise<boolean> {
      const [rows] = await db.batch([
        db
          .update(invitations)
          .set({ ...next, inviterId: scope.userId })
          .where(one(id))
          .returning({ id: invitations.id }),
        deedIfChanged(db, actor, { action: 'invitation.renewed', targetId: id, details: { email, role } }),
      ])
      return rows.length > 0
    },

    /** Ends an open invitation. False where it is over already. */
    async revoke(invitation: Invitation): Promise<boolean> {
      const [rows] = await db.batch(ending(invitation))
      return rows.length > 0
    },
  }

  function ending({ id, email, role }: Invitation) {
    return [
      db.update(invitations).set({ status: 'canceled' }).where(one(id)).returning({ id: invitations.id }),
      deedIfChanged(db, actor, { action: 'invitation.revoked', targetId: id, details: { email, role } }),
    ] as const
  }
}
