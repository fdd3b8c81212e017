import { lt } from 'drizzle-orm'
import type { Database } from './database.ts'
import { sessions } from './schema/db/people.ts'

/** Removes the sessions that ended before an instant. They let nobody in; what is left of them is somebody's address. */
export async function removeEndedSessions(db: Database, before: Date): Promise<void> {
  await db.delete(sessions).where(lt(sessions.expiresAt, before))
}
