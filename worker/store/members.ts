import { and, eq } from 'drizzle-orm'
import type { UserId } from '../contract/id.ts'
import type { Member, Sight } from '../contract/member.ts'
import { sightOf } from '../tenancy/roles.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { members, users } from './schema/db/people.ts'

/** The organization's members. Who they are and what their role is, the sign-in library writes. */
export function memberStore(db: Database, scope: Scope, actor: Actor) {
  const one = (userId: UserId) => and(eq(members.organizationId, scope.organizationId), eq(members.userId, userId))

  return {
    async find(userId: UserId): Promise<Member | undefined> {
      const [row] = await db
        .select({ userId: users.id, name: users.name, email: users.email, role: members.role, sight: members.sight })
        .from(members)
        .innerJoin(users, eq(users.id, members.userId))
        .where(one(userId))
        .limit(1)
      return row && { ...row, sight: sightOf(row.role, row.sight), givenSight: row.sight }
    },

    /** Gives a member wider sight than they had, or takes it back. False when they are none by now. */
    async giveSight({ userId, givenSight }: Member, sight: Sight | null): Promise<boolean> {
      const [changed] = await db.batch([
        db.update(members).set({ sight }).where(one(userId)).returning({ id: members.id }),
        deedIfChanged(db, actor, {
          action: 'member.sight_given',
          targetId: userId,
          details: { sight, before: givenSight },
        }),
      ])
      return changed.length > 0
    },
  }
}
