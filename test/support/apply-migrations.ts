// Gives every test file in workerd databases as a deployment has them: all tables, and nothing in them. All files run in one
// runtime, because to start one and load the Worker into it takes longer than most files. The runtime's own `reset` is not
// for databases: one that is open may stay as it was.

import type { D1Migration } from '@cloudflare/vitest-plugin'
import { env } from 'cloudflare:workers'
import { beforeAll } from 'vitest'

beforeAll(async () => {
  await makeAnew(env.DB, env.MIGRATIONS.DB)
  await makeAnew(env.LOGS, env.MIGRATIONS.LOGS)
})

/** In one transaction: whoever the file before left at work finds tables at any time. */
async function makeAnew(database: D1Database, migrations: D1Migration[]): Promise<void> {
  const { results } = await database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
    .all<{ name: string }>()
  const tables = results.map(({ name }) => name).filter((name) => !/^(sqlite|_cf)_/.test(name))
  await database.batch([
    database.prepare('PRAGMA defer_foreign_keys = on'),
    ...tables.map((name) => database.prepare(`DROP TABLE "${name}"`)),
    ...migrations.flatMap(({ queries }) => queries).map((query) => database.prepare(query)),
  ])
}
