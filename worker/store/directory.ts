// directory
//
// Who belongs where: the reads that come before anybody is admitted, and so the ones that are not built from a scope.
// They start from something a caller has proved (a session's user, the hash of a key) and say which organization
// that opens.

import { and, asc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { ApiKeyId, OrganizationId, TeamId, UserId } from '../contract/id.ts'
import type { Capability, Role } from '../contract/member.ts'
import type { Membership } from '../tenancy/scope.ts'
import type { Database } from './database.ts'
import { apiKeys } from './schema/db/access.ts'
import { members, organizations, sessions, teamMembers, teams, users } from './schema/db/people.ts'

/** A membership, with the names that greet the member. */
export interface KnownMember extends Membership {
  userName: string
  email: string
  organization: { id: OrganizationId; name: string; slug: string }
}

/** What a session opens: the organization its user has open, or the one they joined first. */
export type SessionMember =
  | { kind: 'over' }
  | { kind: 'homeless'; userId: UserId; email: string }
  | { kind: 'member'; member: KnownMember }

export interface KnownApiKey {
  id: ApiKeyId
  scopes: Capability[]
  expiresAt: Date
  member: KnownMember
}

const teamIds = sql<string>`(
  SELECT json_group_array(${teams.id}) FROM ${teamMembers} JOIN ${teams} ON ${teams.id} = ${teamMembers.teamId}
  WHERE ${teamMembers.userId} = ${members.userId} AND ${teams.organizationId} = ${members.organizationId})`

const memberColumns = {
  userId: members.userId,
  role: members.role,
  sight: members.sight,
  teamIds,
  userName: users.name,
  email: users.email,
  organizationId: organizations.id,
  organizationName: organizations.name,
  slug: organizations.slug,
}

/** Who somebody is, by session, API key or membership. Asked before there is a scope: it is what scopes are made of. */
export function directory(db: Database) {
  return {
    /** The user's membership in the organization they have open, or in the one they joined first. */
    async findMember(userId: UserId, organizationId: OrganizationId | null): Promise<KnownMember | undefined> {
      const [row] = await db
        .select(memberColumns)
        .from(members)
        .innerJoin(users, eq(users.id, members.userId))
        .innerJoin(organizations, eq(organizations.id, members.organizationId))
        .where(eq(members.userId, userId))
        .orderBy(sql`${members.organizationId} IS ${organizationId} DESC`, asc(members.createdAt), asc(members.id))
        .limit(1)
      return row && toMember(row)
    },

    /** As `findMember`, by a session that must still be there: `over` when it was ended anywhere. */
    async findBySession({ token, userId, now }: { token: string; userId: UserId; now: Date }): Promise<SessionMember> {
      const [row] = await db
        .select(memberColumns)
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .leftJoin(members, eq(members.userId, sessions.userId))
        .leftJoin(organizations, eq(organizations.id, members.organizationId))
        .where(and(eq(sessions.token, token), eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
        .orderBy(
          sql`${members.organizationId} IS ${sessions.activeOrganizationId} DESC`,
          asc(members.createdAt),
          asc(members.id),
        )
        .limit(1)
      if (row === undefined) return { kind: 'over' }
      const { role, organizationId, organizationName, slug } = row
      if (role === null || organizationId === null || organizationName === null || slug === null) {
        return { kind: 'homeless', userId, email: row.email }
      }
      return { kind: 'member', member: toMember({ ...row, userId, role, organizationId, organizationName, slug }) }
    },

    /** Every organization the user belongs to, the first joined first. */
    async listOrganizations(userId: UserId): Promise<{ id: OrganizationId; name: string; slug: string; role: Role }[]> {
      return db
        .select({ id: organizations.id, name: organizations.name, slug: organizations.slug, role: members.role })
        .from(members)
        .innerJoin(organizations, eq(organizations.id, members.organizationId))
        .where(eq(members.userId, userId))
        .orderBy(asc(members.createdAt), asc(members.id))
    },

    /** The key of that hash with its maker, unless it is revoked or its maker has left. It may have expired. */
    async findApiKey(hash: string): Promise<KnownApiKey | undefined> {
      const [row] = await db
        .select({ id: apiKeys.id, scopes: apiKeys.scopes, expiresAt: apiKeys.expiresAt, ...memberColumns })
        .from(apiKeys)
        .innerJoin(
          members,
          and(eq(members.userId, apiKeys.createdBy), eq(members.organizationId, apiKeys.organizationId)),
        )
        .innerJoin(users, eq(users.id, members.userId))
        .innerJoin(organizations, eq(organizations.id, members.organizationId))
        .where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt)))
        .limit(1)
      return row && { id: row.id, scopes: row.scopes, expiresAt: row.expiresAt, member: toMember(row) }
    },

    /** Notes that a key was used, to the hour: most calls write nothing. */
    async noteUse(id: ApiKeyId, at: Date): Promise<void> {
      const stale = new Date(at.getTime() - 3_600_000)
      await db
        .update(apiKeys)
        .set({ lastUsedAt: at })
        .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, stale))))
    },

    /**
     * Makes an organization with the user as its owner. One that exists stays as it is: whoever left it does not come
     * back as its owner this way.
     */
    async createOrganization(organization: {
      id: OrganizationId
      name: string
      slug: string
      memberId: string
      ownerId: UserId
      at: Date
    }): Promise<void> {
      const { id, name, slug, memberId, ownerId, at } = organization
      await db.batch([
        db
          .insert(organizations)
          .values({ id, name, slug, createdAt: at })
          .onConflictDoNothing({ target: organizations.id }),
        // In the order of the table's columns.
        db
          .insert(members)
          .select(sql`SELECT ${memberId}, ${id}, ${ownerId}, 'owner', NULL, ${at.getTime()} WHERE changes() > 0`),
      ])
    },

    /** The user of an address, in lower case. */
    async findUserByEmail(email: string): Promise<UserId | undefined> {
      const [row] = await db.select({ id: users.id }).from(users).where(eq(users.email, email)).limit(1)
      return row?.id
    },
  }
}

interface MemberRow {
  userId: UserId
  role: Role
  sight: Membership['sight']
  teamIds: string
  userName: string
  email: string
  organizationId: OrganizationId
  organizationName: string
  slug: string
}

function toMember(row: MemberRow): KnownMember {
  return {
    organizationId: row.organizationId,
    userId: row.userId,
    role: row.role,
    sight: row.sight,
    teamIds: JSON.parse(row.teamIds) as TeamId[],
    userName: row.userName,
    email: row.email,
    organization: { id: row.organizationId, name: row.organizationName, slug: row.slug },
  }
}
