import { lt, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { rateLimits } from './schema/db/access.ts'

export interface Taken {
  /** How many were taken in this window, this one included. */
  count: number
  startedAt: number
}

/** Counters in fixed windows. `key` must not be readable: give a hash of whatever is counted. */
export function rateLimitStore(db: Database) {
  return {
    /** Counts one more, in one statement, so that parallel callers cannot all see the same count. */
    async take(key: string, windowMs: number, now: number): Promise<Taken> {
      const fresh = sql`${rateLimits.startedAt} <= ${now - windowMs}`
      const [row] = await db
        .insert(rateLimits)
        .values({ key, count: 1, startedAt: new Date(now) })
        .onConflictDoUpdate({
          target: rateLimits.key,
          set: {
            count: sql`CASE WHEN ${fresh} THEN 1 ELSE ${rateLimits.count} + 1 END`,
            startedAt: sql`CASE WHEN ${fresh} THEN ${now} ELSE ${rateLimits.startedAt} END`,
          },
        })
        .returning()
      return { count: row?.count ?? 1, startedAt: row?.startedAt.getTime() ?? now }
    },

    /** Gives one back: what was counted turned out well. */
    async giveBack(key: string): Promise<void> {
      await db
        .update(rateLimits)
        .set({ count: sql`max(0, ${rateLimits.count} - 1)` })
        .where(sql`${rateLimits.key} = ${key}`)
    },

    /** Forgets windows that began before an instant (epoch ms). */
    async forget(before: number): Promise<void> {
      await db.delete(rateLimits).where(lt(rateLimits.startedAt, new Date(before)))
    },
  }
}

export type RateLimitStore = ReturnType<typeof rateLimitStore>
