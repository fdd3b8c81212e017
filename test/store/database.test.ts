import { env } from 'cloudflare:workers'
import { eq, sql } from 'drizzle-orm'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { isOutage } from '../../worker/lib/is-outage.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { users } from '../../worker/store/schema/db/people.ts'

const secret = 'ada@example.com'

/** A database that is not there, as D1 says so. */
function away(): D1Database {
  const fail = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'))
  const statement = { bind: () => statement, run: fail, all: fail, first: fail, raw: fail }
  return { prepare: () => statement, batch: fail } as unknown as D1Database
}

async function thrown(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('L2: an error of a statement says what D1 said and of which statement, and holds none of its values', async () => {
  const db = openDatabase(away())
  const mine = eq(users.email, secret)
  for (const work of [
    db.select().from(users).where(mine),
    db.select().from(users).where(mine).get(),
    db.update(users).set({ name: secret }).where(mine),
    db.update(users).set({ name: secret }).where(mine).returning(),
    db.delete(users).where(mine),
    db.get(sql`SELECT 1 AS "users" WHERE ${secret} = 1`),
    db.all(sql`SELECT 1 AS "users" WHERE ${secret} = 1`),
    db.run(sql`SELECT 1 AS "users" WHERE ${secret} = 1`),
    db.batch([db.delete(users).where(mine)]),
  ]) {
    const error = await thrown(work)
    const said = `${String(error)} ${(error as Error).stack} ${inspect(error, { depth: 9, showHidden: true })}`
    expect(said).not.toContain(secret)
    expect(said).toContain('Network connection lost.')
    expect(isOutage(error)).toBe(true)
  }
  expect(String(await thrown(db.select().from(users).where(mine)))).toContain('from "users" where "users"."email" = ?')
})

test('what a statement asks for that may not be is no outage', async () => {
  const db = openDatabase(env.DB)
  const at = new Date()
  const user = { id: 'usr_twice' as never, name: secret, email: secret, createdAt: at, updatedAt: at }
  await db.insert(users).values(user)
  const error = await thrown(db.insert(users).values(user))
  expect(isOutage(error)).toBe(false)
  expect(String(error)).toContain('UNIQUE constraint failed')
  expect(inspect(error, { depth: 9 })).not.toContain(secret)
})
