import { and, asc, eq, sql } from 'drizzle-orm'
import type { OrganizationId } from '../contract/id.ts'
import type { OutboundLimit, OutboundRule, OutboundTrouble } from '../contract/outbound.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { outboundBreakers, outboundRules } from './schema/db/outbound.ts'

/** Hosts that an organization may have rules for. */
export const maxOutboundRules = 200

/** How the organization's workflows call the outside, and which hosts they cannot call now. */
export function outboundStore(db: Database, scope: Scope, actor: Actor) {
  const own = eq(outboundRules.organizationId, scope.organizationId)
  const one = (host: string) => and(own, eq(outboundRules.host, host))

  return {
    /** All of them, by host. */
    async listRules(): Promise<OutboundRule[]> {
      const rows = await db.select().from(outboundRules).where(own).orderBy(asc(outboundRules.host))
      return rows.map(toRule)
    },

    /** Makes it the host's only rule. Undefined, and nothing changed, when there are as many as there may be. */
    async setRule(
      host: string,
      { limit, breaker }: Pick<OutboundRule, 'limit' | 'breaker'>,
      at: Date,
    ): Promise<OutboundRule | undefined> {
      const count = sql`(SELECT count(*) FROM outbound_rules AS r
        WHERE r.organization_id = ${scope.organizationId} AND r.host <> ${host})`
      const text = limit === null ? null : JSON.stringify(limit)
      const [, , rows] = await db.batch([
        // In the order of the table's columns.
        db
          .insert(outboundRules)
          .select(
            sql`SELECT ${scope.organizationId}, ${host}, ${text}, ${breaker ? 1 : 0}, ${scope.userId}, ${at.getTime()}
              WHERE ${count} < ${maxOutboundRules}`,
          )
          .onConflictDoUpdate({
            target: [outboundRules.organizationId, outboundRules.host],
            set: { limit, breaker, updatedBy: scope.userId, updatedAt: at },
          }),
        deedIfChanged(db, actor, {
          action: 'outbound_rule.set',
          targetId: host,
          details: { limit, breaker },
        }),
        db.select().from(outboundRules).where(one(host)),
      ])
      return rows[0] && toRule(rows[0])
    },

    /** Whether there was one. */
    async removeRule(host: string): Promise<boolean> {
      const [removed] = await db.batch([
        db.delete(outboundRules).where(one(host)).returning({ host: outboundRules.host }),
        deedIfChanged(db, actor, { action: 'outbound_rule.removed', targetId: host }),
      ])
      return removed.length > 0
    },

    /** Hosts from which calls are held back, the longest troubled first. */
    async listTroubles(): Promise<OutboundTrouble[]> {
      const rows = await db
        .select()
        .from(outboundBreakers)
        .where(and(eq(outboundBreakers.organizationId, scope.organizationId), eq(outboundBreakers.isOpen, true)))
        .orderBy(asc(outboundBreakers.since))
        .limit(200)
      return rows.map(({ host, reason, since, until }) => ({
        host,
        reason,
        since: since.toISOString(),
        until: until.toISOString(),
      }))
    },
  }
}

/** How one host is called, as those who call need it. */
export interface HostRule {
  limit: OutboundLimit | null
  breaker: boolean
}

/** The rules by which calls are made. Read by whoever makes them: the organization is that of the execution. */
export async function readHostRules(db: D1Database, organizationId: OrganizationId): Promise<Map<string, HostRule>> {
  const { results } = await db
    .prepare('SELECT host, limit_rule AS limitRule, breaker FROM outbound_rules WHERE organization_id = ?')
    .bind(organizationId)
    .all<{ host: string; limitRule: string | null; breaker: number }>()
  return new Map(
    results.map(({ host, limitRule, breaker }) => [
      host,
      { limit: limitRule === null ? null : (JSON.parse(limitRule) as OutboundLimit), breaker: breaker === 1 },
    ]),
  )
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toRule({ host, limit, breaker, updatedAt }: typeof outboundRules.$inferSelect): OutboundRule {
  return { host, limit, breaker, updatedAt: updatedAt.toISOString() }
}
