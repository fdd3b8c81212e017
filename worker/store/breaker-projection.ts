// breaker-projection
//
// What breakers' objects write, so that people see which hosts calls are held back from. Only they call this, each for its
// own host. Writing a change twice, or an old one after a newer one, changes nothing; what happened is in the audit
// exactly if its change is here.

import { sql } from 'drizzle-orm'
import type { OrganizationId } from '../contract/id.ts'
import { deedIfChanged } from './audit.ts'
import type { Database } from './database.ts'
import { outboundBreakers } from './schema/db/outbound.ts'

export interface BreakerNews {
  organizationId: OrganizationId
  /** Empty where there is none. */
  connection: string
  host: string
  /** Grows with every change. */
  seq: number
  isOpen: boolean
  reason: string
  /** Epoch ms. */
  since: number
  until: number
  /** What stands in the audit as done by the system; nothing where it was a person or is not worth it. */
  action?: 'breaker.opened' | 'breaker.closed'
}

/** Resolves when it is seen by every reader. */
export async function projectBreaker(db: Database, news: BreakerNews): Promise<void> {
  const { organizationId, connection, host, seq, isOpen, reason, action } = news
  const row = { seq, isOpen, reason, since: new Date(news.since), until: new Date(news.until) }
  const write = db
    .insert(outboundBreakers)
    .values({ organizationId, connection, host, ...row })
    .onConflictDoUpdate({
      target: [outboundBreakers.organizationId, outboundBreakers.connection, outboundBreakers.host],
      set: row,
      setWhere: sql`${outboundBreakers.seq} < ${seq}`,
    })
  if (action === undefined) {
    await write
    return
  }
  const actor = { organizationId, actorId: null, via: 'system', apiKeyId: null, requestId: null } as const
  await db.batch([write, deedIfChanged(db, actor, { action, targetId: host, details: { reason, until: news.until } })])
}
