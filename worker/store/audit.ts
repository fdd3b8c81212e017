import { and, desc, eq, lt, sql, type SQL } from 'drizzle-orm'
import type { AuditEntry, AuditListQuery } from '../contract/audit.ts'
import type { Page } from '../contract/error.ts'
import type { Json } from '../contract/json.ts'
import type { ApiKeyId, OrganizationId } from '../contract/id.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Scope } from '../tenancy/scope.ts'
import type { Database } from './database.ts'
import { auditEntries } from './schema/db/access.ts'

/** Who acts, as the audit keeps it. */
export interface Actor {
  organizationId: OrganizationId | null
  actorId: string | null
  via: 'session' | 'api_key' | 'system' | 'nobody'
  apiKeyId: ApiKeyId | null
  requestId: string | null
}

/** What was done to what. `action` is `noun.verb`; `details` never holds a secret or a payload. */
export interface Deed {
  action: string
  targetId?: string
  details?: Json
  /** `denied` when it was tried and refused. */
  outcome?: 'done' | 'denied'
}

/** The caller as an actor. */
export function actorOf(scope: Scope, requestId: string | null): Actor {
  return {
    organizationId: scope.organizationId,
    actorId: scope.userId,
    via: scope.via,
    apiKeyId: scope.apiKeyId ?? null,
    requestId,
  }
}

/** Appends an entry by itself, for deeds that change no row of this database. */
export async function recordDeed(db: Database, actor: Actor, deed: Deed): Promise<void> {
  await db.insert(auditEntries).values({
    at: new Date(),
    organizationId: actor.organizationId,
    actorId: actor.actorId,
    via: actor.via,
    apiKeyId: actor.apiKeyId,
    action: deed.action,
    targetId: deed.targetId ?? null,
    outcome: deed.outcome ?? 'done',
    requestId: actor.requestId,
    details: deed.details ?? {},
  })
}

/**
 * A statement that appends an entry if and only if the statement before it, in the same batch, changed a row: no
 * change without its entry, no entry without its change.
 */
export function deedIfChanged(db: Database, actor: Actor, deed: Deed) {
  return deedWhere(db, actor, deed, Date.now(), sql`changes() > 0`)
}

/** A statement that appends an entry, of a deed done at an instant (epoch ms), if a condition holds. */
export function deedWhere(db: Database, actor: Actor, deed: Deed, at: number, condition: SQL) {
  // In the order of the table's columns.
  return db.insert(auditEntries).select(sql`
    SELECT NULL, ${at}, ${actor.organizationId}, ${actor.actorId}, ${actor.via}, ${actor.apiKeyId},
      ${deed.action}, ${deed.targetId ?? null}, ${deed.outcome ?? 'done'}, ${actor.requestId},
      ${JSON.stringify(deed.details ?? {})}
    WHERE ${condition}`)
}

/**
 * Appends entries in one batch. Of one that may be there already (its writer died before it knew) nothing is written a
 * second time.
 */
export async function recordOnce(
  db: Database,
  actor: Actor,
  entries: readonly { deed: Deed; at: number; mayBeThere: boolean }[],
): Promise<void> {
  const [first, ...others] = entries.map(({ deed, at, mayBeThere }) =>
    deedWhere(db, actor, deed, at, mayBeThere ? sql`NOT ${isThere(actor, deed)}` : sql`true`),
  )
  if (first !== undefined) await db.batch([first, ...others])
}

function isThere({ organizationId }: Actor, { action, targetId = '' }: Deed): SQL {
  return sql`EXISTS (
    SELECT 1 FROM ${auditEntries}
    WHERE organization_id = ${organizationId} AND target_id = ${targetId} AND action = ${action})`
}

/** The organization's audit. There is no way to change or remove an entry, here or in the database. */
export function auditStore(db: Database, scope: Scope) {
  return {
    /** Newest first. */
    async list({ cursor, limit }: AuditListQuery): Promise<Page<AuditEntry>> {
      const rows = await db
        .select()
        .from(auditEntries)
        .where(
          and(
            eq(auditEntries.organizationId, scope.organizationId),
            cursor === undefined ? undefined : lt(auditEntries.seq, decodeCursor(cursor)[0]),
          ),
        )
        .orderBy(desc(auditEntries.seq))
        .limit(limit + 1)
      const items = rows.slice(0, limit).map(toEntry)
      const last = items.at(-1)
      return rows.length > limit && last !== undefined ? { items, nextCursor: encodeCursor([last.seq, '']) } : { items }
    },
  }
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toEntry(row: typeof auditEntries.$inferSelect): AuditEntry {
  const { seq, at, actorId, via, action, targetId, outcome, requestId, details } = row
  return { seq, at: at.toISOString(), actorId, via, action, targetId, outcome, requestId, details }
}

/** Whoever came by a signed link: nobody who signed in. */
export function actorOfLink(organizationId: OrganizationId, requestId: string | null): Actor {
  return { organizationId, actorId: null, via: 'nobody', apiKeyId: null, requestId }
}
