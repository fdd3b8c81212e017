// authenticators
//
// The caller's own authenticator, and nobody else's.
//
//   S1. A code is taken in the statement that looks whether it was: two at once are one.
//   S2. An active one is never overwritten: it has to be removed first.

import { and, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { authenticators } from './schema/db/authenticators.ts'

export type StoredAuthenticator = typeof authenticators.$inferSelect

/** The caller’s own authenticator (S1, S2). */
export function authenticatorStore(db: Database, { userId }: Scope, actor: Actor) {
  const own = eq(authenticators.userId, userId)
  const active = and(own, isNotNull(authenticators.confirmedAt))

  return {
    async find(): Promise<StoredAuthenticator | undefined> {
      const [row] = await db.select().from(authenticators).where(own).limit(1)
      return row
    },

    /** Keeps a secret that is not confirmed yet, in place of an earlier one that never was. False when one is active. */
    async begin(secret: string, at: Date): Promise<boolean> {
      const [rows] = await db.batch([
        db
          .insert(authenticators)
          .values({ userId, secret, createdAt: at, confirmedAt: null, lastStep: 0, recovery: [] })
          .onConflictDoUpdate({
            target: authenticators.userId,
            set: { secret, createdAt: at },
            setWhere: isNull(authenticators.confirmedAt),
          })
          .returning({ userId: authenticators.userId }),
        deedIfChanged(db, actor, { action: 'authenticator.begun', targetId: userId }),
      ])
      return rows.length > 0
    },

    /** From now on it counts. False when the secret is another by now, or counts already. */
    async confirm(secret: string, step: number, recovery: string[], at: Date): Promise<boolean> {
      const [rows] = await db.batch([
        db
          .update(authenticators)
          .set({ confirmedAt: at, lastStep: step, recovery })
          .where(and(own, isNull(authenticators.confirmedAt), eq(authenticators.secret, secret)))
          .returning({ userId: authenticators.userId }),
        deedIfChanged(db, actor, { action: 'authenticator.added', targetId: userId }),
      ])
      return rows.length > 0
    },

    /** Takes the code of a half minute. False when it, or a later one, was taken before. */
    async takeStep(step: number): Promise<boolean> {
      const rows = await db
        .update(authenticators)
        .set({ lastStep: step })
        .where(and(active, lt(authenticators.lastStep, step)))
        .returning({ userId: authenticators.userId })
      return rows.length > 0
    },

    /** Takes a recovery code, by its hash. False when there is none such, or it was taken before. */
    async takeRecovery(hash: string): Promise<boolean> {
      const isThere = sql`EXISTS (SELECT 1 FROM json_each(${authenticators.recovery}) WHERE value = ${hash})`
      const [rows] = await db.batch([
        db
          .update(authenticators)
          .set({
            recovery: sql`(SELECT json_group_array(value) FROM json_each(${authenticators.recovery}) WHERE value <> ${hash})`,
          })
          .where(and(active, isThere))
          .returning({ userId: authenticators.userId }),
        deedIfChanged(db, actor, { action: 'authenticator.recovery_used', targetId: userId }),
      ])
      return rows.length > 0
    },

    async remove(): Promise<void> {
      await db.batch([
        db.delete(authenticators).where(own),
        deedIfChanged(db, actor, { action: 'authenticator.removed', targetId: userId }),
      ])
    },
  }
}
