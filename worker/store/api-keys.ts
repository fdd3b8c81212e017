import { and, desc, eq, isNull } from 'drizzle-orm'
import type { ApiKey } from '../contract/api-key.ts'
import type { ApiKeyId } from '../contract/id.ts'
import type { Capability } from '../contract/member.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { apiKeys } from './schema/db/access.ts'

/** API keys of an organization: the caller’s own, or all of them for those who see all of it. */
export function apiKeyStore(db: Database, scope: Scope, actor: Actor) {
  /** One's own keys, or all of the organization's for whoever sees all of it. */
  const visible = and(
    eq(apiKeys.organizationId, scope.organizationId),
    scope.sight === 'organization' ? undefined : eq(apiKeys.createdBy, scope.userId),
  )

  return {
    async create(key: {
      id: ApiKeyId
      hash: string
      prefix: string
      name: string
      scopes: Capability[]
      at: Date
      expiresAt: Date
    }): Promise<ApiKey> {
      const { id, hash, prefix, name, scopes, at, expiresAt } = key
      const [rows] = await db.batch([
        db
          .insert(apiKeys)
          .values({
            id,
            organizationId: scope.organizationId,
            hash,
            name,
            prefix,
            scopes,
            createdBy: scope.userId,
            createdAt: at,
            expiresAt,
          })
          .returning(),
        deedIfChanged(db, actor, { action: 'api_key.created', targetId: id, details: { name, scopes } }),
      ])
      return toApiKey(rows[0]!)
    },

    /** Newest first, revoked and expired ones too. */
    async list(): Promise<ApiKey[]> {
      const rows = await db.select().from(apiKeys).where(visible).orderBy(desc(apiKeys.createdAt)).limit(500)
      return rows.map(toApiKey)
    },

    /** Ends a key for good. Undefined when the caller sees no such key; a revoked one stays as it is. */
    async revoke(id: ApiKeyId, at: Date): Promise<ApiKey | undefined> {
      const [, , rows] = await db.batch([
        db
          .update(apiKeys)
          .set({ revokedAt: at })
          .where(and(visible, eq(apiKeys.id, id), isNull(apiKeys.revokedAt))),
        deedIfChanged(db, actor, { action: 'api_key.revoked', targetId: id }),
        db
          .select()
          .from(apiKeys)
          .where(and(visible, eq(apiKeys.id, id))),
      ])
      return rows[0] && toApiKey(rows[0])
    },
  }
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toApiKey(row: typeof apiKeys.$inferSelect): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: row.lastUsedAt.toISOString() }),
    ...(row.revokedAt === null ? {} : { revokedAt: row.revokedAt.toISOString() }),
  }
}
