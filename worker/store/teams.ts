import { and, asc, eq, sql, type SQL } from 'drizzle-orm'
import type { TeamId, UserId } from '../contract/id.ts'
import { teamLimits } from '../contract/facts/team.ts'
import type { Team, TeamMember } from '../contract/team.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { members, teamMembers, teams, users } from './schema/db/people.ts'
import { visibleTeams } from './visible-to.ts'

/** The organization's teams that the caller sees, and who is in them. What is not seen can be neither read nor changed. */
export function teamStore(db: Database, scope: Scope, actor: Actor) {
  const { organizationId } = scope
  const visible = visibleTeams(scope)
  const one = (id: TeamId) => and(visible, eq(teams.id, id))
  const place = (id: TeamId, userId: UserId) => and(eq(teamMembers.teamId, id), eq(teamMembers.userId, userId))

  async function read(condition: SQL | undefined): Promise<Team[]> {
    const rows = await db
      .select({
        id: teams.id,
        name: teams.name,
        memberCount: sql<number>`(SELECT count(*) FROM team_members AS p WHERE p.team_id = teams.id)`,
        createdAt: teams.createdAt,
      })
      .from(teams)
      .where(and(visible, condition))
      .orderBy(sql`coalesce(${teams.nameKey}, lower(${teams.name}))`, asc(teams.id))
    return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }))
  }

  return {
    /** By name; of a member only those that they are in. */
    list(userId?: UserId): Promise<Team[]> {
      if (userId === undefined) return read(undefined)
      return read(sql`${teams.id} IN (SELECT p.team_id FROM team_members AS p WHERE p.user_id = ${userId})`)
    },

    async find(id: TeamId): Promise<Team | undefined> {
      return (await read(eq(teams.id, id)))[0]
    },

    /** Whether a team of the organization has this name, but for its case. */
    async hasName(name: string): Promise<boolean> {
      const named = and(eq(teams.organizationId, organizationId), eq(teams.nameKey, teamNameKey(name)))
      return (await db.select({ id: teams.id }).from(teams).where(named).limit(1)).length > 0
    },

    /** Who is in a team, by name. */
    membersOf(id: TeamId): Promise<TeamMember[]> {
      return db
        .select({ userId: users.id, name: users.name, email: users.email })
        .from(teamMembers)
        .innerJoin(teams, eq(teams.id, teamMembers.teamId))
        .innerJoin(members, and(eq(members.userId, teamMembers.userId), eq(members.organizationId, organizationId)))
        .innerJoin(users, eq(users.id, members.userId))
        .where(one(id))
        .orderBy(sql`lower(${users.name})`, asc(users.id))
    },

    /** Makes a team without members. False where another one has the name, or there are as many as there may be. */
    async create({ id, name, at }: { id: TeamId; name: string; at: Date }): Promise<boolean> {
      const [made] = await db.batch([
        db
          .insert(teams)
          // In the order of the table's columns.
          .select(
            sql`
            SELECT ${id}, ${name}, ${teamNameKey(name)}, 0, ${organizationId}, ${at.getTime()}, NULL
            WHERE (SELECT count(*) FROM teams AS t WHERE t.organization_id = ${organizationId}) < ${teamLimits.teams}`,
          )
          .onConflictDoNothing()
          .returning({ id: teams.id }),
        deedIfChanged(db, actor, { action: 'team.created', targetId: id, details: { name } }),
      ])
      return made.length > 0
    },

    /** Names a team anew. False where another one has the name, or this one is not called what it was. */
    async rename({ id, name: before }: Pick<Team, 'id' | 'name'>, name: string, at: Date): Promise<boolean> {
      const key = teamNameKey(name)
      const isFree = sql`NOT EXISTS (
        SELECT 1 FROM teams AS t WHERE t.organization_id = ${organizationId} AND t.name_key = ${key} AND t.id <> ${id})`
      const [renamed] = await db.batch([
        db
          .update(teams)
          .set({ name, nameKey: key, updatedAt: at })
          .where(and(one(id), eq(teams.name, before), isFree))
          .returning({ id: teams.id }),
        deedIfChanged(db, actor, { action: 'team.renamed', targetId: id, details: { name, before } }),
      ])
      return renamed.length > 0
    },

    /** Ends a team, and everybody's place in it. False where it is gone. */
    async remove({ id, name, memberCount }: Team): Promise<boolean> {
      const [removed] = await db.batch([
        db.delete(teams).where(one(id)).returning({ id: teams.id }),
        deedIfChanged(db, actor, { action: 'team.deleted', targetId: id, details: { name, members: memberCount } }),
      ])
      return removed.length > 0
    },

    /** Puts somebody into a team who belongs to the organization; who is in it already stays. */
    async addMember(
      { id, name }: Team,
      { userId, email }: Pick<TeamMember, 'userId' | 'email'>,
      at: Date,
    ): Promise<void> {
      await db.batch([
        db
          .insert(teamMembers)
          // In the order of the table's columns.
          .select(
            sql`
            SELECT ${`${id}.${userId}`}, ${id}, ${userId}, NULL, ${at.getTime()}
            WHERE EXISTS (SELECT 1 FROM teams WHERE ${one(id)}) AND EXISTS (
              SELECT 1 FROM members AS m WHERE m.organization_id = ${organizationId} AND m.user_id = ${userId})`,
          )
          .onConflictDoNothing(),
        deedIfChanged(db, actor, {
          action: 'team.member_added',
          targetId: userId,
          details: { email, teamId: id, team: name },
        }),
      ])
    },

    /** Takes somebody out of a team; who is not in it stays out. */
    async removeMember({ id, name }: Team, { userId, email }: Pick<TeamMember, 'userId' | 'email'>): Promise<void> {
      await db.batch([
        db.delete(teamMembers).where(and(place(id, userId), sql`EXISTS (SELECT 1 FROM teams WHERE ${one(id)})`)),
        deedIfChanged(db, actor, {
          action: userId === scope.userId ? 'team.left' : 'team.member_removed',
          targetId: userId,
          details: { email, teamId: id, team: name },
        }),
      ])
    },
  }
}

/** Names that come to the same text are one name: case, spaces and how a letter was typed do not tell teams apart. */
export function teamNameKey(name: string): string {
  return name.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase()
}
