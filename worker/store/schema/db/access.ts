import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ApiKeyId, OrganizationId, UserId } from '../../../contract/id.ts'
import type { Json } from '../../../contract/json.ts'
import type { Capability } from '../../../contract/member.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** Keys for programs. Only the SHA-256 of a key is kept. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').$type<ApiKeyId>().primaryKey(),
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    hash: text('hash').notNull().unique(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<Capability[]>().notNull(),
    createdBy: text('created_by').$type<UserId>().notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    /** To the hour, so that a busy key does not write a row per request. */
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (table) => [index('api_keys_organization').on(table.organizationId, table.createdAt)],
)

/** Who did what. Append only: triggers of the first migration refuse every UPDATE and DELETE. */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    at: at('at').notNull(),
    /** Absent where somebody acted who belongs to no organization. */
    organizationId: text('organization_id').$type<OrganizationId>(),
    actorId: text('actor_id'),
    via: text('via').$type<'session' | 'api_key' | 'system' | 'nobody'>().notNull(),
    apiKeyId: text('api_key_id').$type<ApiKeyId>(),
    /** `noun.verb`, such as `workflow.published`. */
    action: text('action').notNull(),
    targetId: text('target_id'),
    outcome: text('outcome').$type<'done' | 'denied'>().notNull(),
    requestId: text('request_id'),
    details: text('details', { mode: 'json' }).$type<Json>().notNull(),
  },
  (table) => [index('audit_entries_organization').on(table.organizationId, table.seq)],
)

/** Failed sign-ins, counted in fixed windows. `key` is hashed: no address or e-mail is kept. */
export const rateLimits = sqliteTable('rate_limits', {
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  startedAt: at('started_at').notNull(),
})
