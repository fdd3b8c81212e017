import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { InvitationId, OrganizationId, TeamId, UserId } from '../../../contract/id.ts'
import type { Role, Sight } from '../../../contract/member.ts'

// People and organizations. better-auth writes most of these tables, so their property names are the ones it asks for;
// the mapping is `authTables` below.

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

export const users = sqliteTable('users', {
  id: text('id').$type<UserId>().primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: integer('email_verified', { mode: 'boolean' }).notNull().default(false),
  image: text('image'),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
})

export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    activeOrganizationId: text('active_organization_id').$type<OrganizationId>(),
    activeTeamId: text('active_team_id').$type<TeamId>(),
  },
  (table) => [index('sessions_user').on(table.userId)],
)

export const accounts = sqliteTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: at('access_token_expires_at'),
    refreshTokenExpiresAt: at('refresh_token_expires_at'),
    scope: text('scope'),
    password: text('password'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [index('accounts_user').on(table.userId)],
)

export const verifications = sqliteTable(
  'verifications',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [index('verifications_identifier').on(table.identifier)],
)

export const organizations = sqliteTable('organizations', {
  id: text('id').$type<OrganizationId>().primaryKey(),
  name: text('name').notNull(),
  slug: text('slug').notNull().unique(),
  logo: text('logo'),
  metadata: text('metadata'),
  createdAt: at('created_at').notNull(),
})

export const members = sqliteTable(
  'members',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id')
      .$type<OrganizationId>()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role').$type<Role>().notNull(),
    /** Sight beyond the role's own; null for nothing. */
    sight: text('sight').$type<Sight>(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('members_user_organization').on(table.userId, table.organizationId),
    index('members_organization').on(table.organizationId),
  ],
)

/** As the sign-in library calls it: open or not, what came of an invitation. */
export type InvitationState = 'pending' | 'accepted' | 'rejected' | 'canceled'

export const invitations = sqliteTable(
  'invitations',
  {
    id: text('id').$type<InvitationId>().primaryKey(),
    organizationId: text('organization_id')
      .$type<OrganizationId>()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    email: text('email').notNull(),
    role: text('role').$type<Role>(),
    teamId: text('team_id').$type<TeamId>(),
    status: text('status').$type<InvitationState>().notNull(),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull(),
    inviterId: text('inviter_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of what the link carries; null where no link was ever made. */
    tokenHash: text('token_hash'),
  },
  (table) => [
    index('invitations_email').on(table.email),
    index('invitations_inviter').on(table.inviterId),
    uniqueIndex('invitations_token').on(table.tokenHash),
    // One open invitation per address.
    uniqueIndex('invitations_open')
      .on(table.organizationId, table.email)
      .where(sql`status = 'pending'`),
  ],
)

export const teams = sqliteTable(
  'teams',
  {
    id: text('id').$type<TeamId>().primaryKey(),
    name: text('name').notNull(),
    /** The name as it is compared, see `teamNameKey`. Null for an older team that has the name of another one. */
    nameKey: text('name_key'),
    /** Of the sign-in library, from when it wrote this table: not kept up, nor read. So is `membershipKey` of a place. */
    memberCount: integer('member_count').notNull().default(0),
    organizationId: text('organization_id')
      .$type<OrganizationId>()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at'),
  },
  (table) => [uniqueIndex('teams_name').on(table.organizationId, table.nameKey)],
)

export const teamMembers = sqliteTable(
  'team_members',
  {
    id: text('id').primaryKey(),
    teamId: text('team_id')
      .$type<TeamId>()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    membershipKey: text('membership_key').unique(),
    createdAt: at('created_at'),
  },
  (table) => [
    index('team_members_user').on(table.userId),
    uniqueIndex('team_members_place').on(table.teamId, table.userId),
  ],
)

/** The tables by the names better-auth gives its models. */
export const authTables = {
  user: users,
  session: sessions,
  account: accounts,
  verification: verifications,
  organization: organizations,
  member: members,
  invitation: invitations,
}
