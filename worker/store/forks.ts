// forks
//
// The trees of forks.
//
//   F1. A fork is in its tree, and in the audit, before it begins: whoever comes on its effects finds who made it.
//   F2. A request is known by its key: asked twice, it is the first one's fork.

import { and, asc, eq, sql } from 'drizzle-orm'
import type { ExecutionId } from '../contract/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { executionForks } from './schema/db/forks.ts'
import { users } from './schema/db/people.ts'

export type StoredFork = typeof executionForks.$inferSelect
export type NewFork = Omit<StoredFork, 'organizationId' | 'rootId' | 'forkedBy'>

/** The trees of forks of an organization (F1, F2). */
export function forkStore(db: Database, { organizationId, userId }: Scope, actor: Actor) {
  const mine = eq(executionForks.organizationId, organizationId)

  return {
    /** Puts a fork into the tree of its origin. Gives the one that the same request made before, if any. */
    async add(fork: NewFork): Promise<{ fork: StoredFork; isNew: boolean }> {
      const { id, originId, path, effects, edited, requestKey } = fork
      const [inserted] = await db.batch([
        db
          .insert(executionForks)
          .values({
            ...fork,
            organizationId,
            forkedBy: userId,
            rootId: sql`coalesce((SELECT f.root_id FROM ${executionForks} AS f
              WHERE f.organization_id = ${organizationId} AND f.id = ${originId}), ${originId})`,
          })
          .onConflictDoNothing()
          .returning(),
        deedIfChanged(db, actor, {
          action: 'execution.forked',
          targetId: id,
          details: { originId, path, effects, edited },
        }),
      ])
      const [added] = inserted
      if (added !== undefined) return { fork: added, isNew: true }
      const [known] = await db
        .select()
        .from(executionForks)
        .where(and(mine, eq(executionForks.originId, originId), eq(executionForks.requestKey, requestKey)))
      if (known === undefined) throw new Error('a fork was neither added nor known')
      return { fork: known, isNew: false }
    },

    /** The top of the tree in which an execution is: itself, when it is nobody's fork. */
    async rootOf(id: ExecutionId): Promise<ExecutionId> {
      const [row] = await db
        .select({ rootId: executionForks.rootId })
        .from(executionForks)
        .where(and(mine, eq(executionForks.id, id)))
      return row?.rootId ?? id
    },

    /** The forks of a tree, oldest first, with the names of who made them. */
    async listTree(rootId: ExecutionId, limit: number): Promise<{ fork: StoredFork; name: string | null }[]> {
      return db
        .select({ fork: executionForks, name: users.name })
        .from(executionForks)
        .leftJoin(users, eq(users.id, executionForks.forkedBy))
        .where(and(mine, eq(executionForks.rootId, rootId)))
        .orderBy(asc(executionForks.forkedAt), asc(executionForks.id))
        .limit(limit)
    },
  }
}
