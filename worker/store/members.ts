import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { UserId } from '../contract/id.ts'
import type { Member, Role, Sight } from '../contract/member.ts'
import { sightOf } from '../tenancy/roles.ts'
import { rulingRoles } from '../tenancy/giving.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { endInvitationsOf } from './end-invitations-of.ts'
import { members, sessions, teamMembers, teams, users } from './schema/db/people.ts'
import { visibleTeams } from './visible-to.ts'

const most = 1_000

/** The organization's members. Who they are, the sign-in library writes. */
export function memberStore(db: Database, scope: Scope, actor: Actor) {
  const { organizationId } = scope
  const one = (userId: UserId) => and(eq(members.organizationId, organizationId), eq(members.userId, userId))

  /** Those of a member's teams that the caller sees, by name. */
  const seenTeams = sql<string>`(
    SELECT json_group_array(json_object('id', t.id, 'name', t.name)) FROM (
      SELECT ${teams.id} AS id, ${teams.name} AS name
      FROM ${teamMembers} JOIN ${teams} ON ${teams.id} = ${teamMembers.teamId}
      WHERE ${teamMembers.userId} = ${members.userId} AND ${visibleTeams(scope)}
      ORDER BY coalesce(${teams.nameKey}, lower(${teams.name})), ${teams.id}) AS t)`

  function read(condition: SQL | undefined) {
    return db
      .select({
        userId: users.id,
        name: users.name,
        email: users.email,
        role: members.role,
        sight: members.sight,
        teams: seenTeams,
        joinedAt: members.createdAt,
      })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.organizationId, organizationId), condition))
      .orderBy(asc(members.createdAt), asc(members.id))
      .limit(most)
  }

  /** True of a member who is one of several that rule, or none of them: the organization is never without. */
  const isNotLast = sql`(
    NOT ${inArray(members.role, [...rulingRoles])}
    OR (SELECT count(*) FROM members m
        WHERE m.organization_id = ${organizationId} AND ${inArray(sql`m.role`, [...rulingRoles])}) > 1)`

  return {
    /** The first joined first. */
    async list(): Promise<Member[]> {
      return (await read(undefined)).map(toMember)
    },

    async find(userId: UserId): Promise<Member | undefined> {
      const [row] = await read(eq(members.userId, userId))
      return row && toMember(row)
    },

    /** Whether somebody with this address, in lower case, is a member. */
    async has(email: string): Promise<boolean> {
      return (await read(eq(users.email, email))).length > 0
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

    /**
     * Makes a member something else, and ends their open invitations to roles they may not give any more. False where they
     * are not what they were, or are the last who rules.
     */
    async changeRole(
      { userId, email, role: before }: Member,
      role: Role,
      noLongerGives: readonly Role[],
    ): Promise<boolean> {
      const staysOne = rulingRoles.includes(role) ? undefined : isNotLast
      const [changed] = await db.batch([
        db
          .update(members)
          .set({ role })
          .where(and(one(userId), eq(members.role, before), staysOne))
          .returning({ id: members.id }),
        deedIfChanged(db, actor, {
          action: 'member.role_changed',
          targetId: userId,
          details: { email, role, before },
        }),
        ...endInvitationsOf(db, actor, {
          organizationId,
          userId,
          roles: noLongerGives,
          where: sql`EXISTS (SELECT 1 FROM members WHERE ${one(userId)} AND role = ${role})`,
        }),
      ])
      return changed.length > 0
    },

    /**
     * Ends a membership, with the member's place in the organization's teams and their open invitations. False where they
     * are not what they were, or are the last who rules.
     */
    async remove({ userId, email, role }: Member): Promise<boolean> {
      const isGone = sql`NOT EXISTS (SELECT 1 FROM members WHERE ${one(userId)})`
      const theirTeams = sql`(SELECT t.id FROM teams t WHERE t.organization_id = ${organizationId})`
      const places = and(eq(teamMembers.userId, userId), sql`${teamMembers.teamId} IN ${theirTeams}`, isGone)
      const action = userId === scope.userId ? 'member.left' : 'member.removed'
      const [removed] = await db.batch([
        db
          .delete(members)
          .where(and(one(userId), eq(members.role, role), isNotLast))
          .returning({ id: members.id }),
        deedIfChanged(db, actor, { action, targetId: userId, details: { email, role } }),
        db.delete(teamMembers).where(places),
        db
          .update(sessions)
          .set({ activeOrganizationId: null })
          .where(and(eq(sessions.userId, userId), eq(sessions.activeOrganizationId, organizationId), isGone)),
        ...endInvitationsOf(db, actor, { organizationId, userId, roles: undefined, where: isGone }),
      ])
      return removed.length > 0
    },
  }
}

interface MemberRow {
  userId: UserId
  name: string
  email: string
  role: Role
  sight: Sight | null
  teams: string
  joinedAt: Date
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toMember({ sight, teams: named, joinedAt, ...row }: MemberRow): Member {
  return {
    ...row,
    sight: sightOf(row.role, sight),
    givenSight: sight,
    teams: JSON.parse(named) as Member['teams'],
    joinedAt: joinedAt.toISOString(),
  }
}
