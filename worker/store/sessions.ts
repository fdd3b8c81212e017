import { eq, lt, or } from 'drizzle-orm'
import type { Database } from './database.ts'
import { sessions } from './schema/db/people.ts'

/** Idle for 12 hours, or 7 days old: a session is over. */
export const sessionLimits = { idleMs: 12 * 3_600_000, ageMs: 7 * 24 * 3_600_000 } as const

/** Ends a session everywhere. */
export async function endSession(db: Database, token: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.token, token))
}

/** Removes the sessions that are over at an instant. They let nobody in; what is left of them is somebody's address. */
export async function removeEndedSessions(db: Database, now: Date): Promise<void> {
  const tooOld = new Date(now.getTime() - sessionLimits.ageMs)
  await db.delete(sessions).where(or(lt(sessions.expiresAt, now), lt(sessions.createdAt, tooOld)))
}
