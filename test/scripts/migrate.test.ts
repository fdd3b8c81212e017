import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { expect, onTestFinished, test, vi } from 'vitest'
import { migrate, unlessBroken } from '../../scripts/server/migrate.ts'
import { sharedOptions } from '../../scripts/server/miniflare-options.ts'

test('the local databases get every migration once, and asking again does not open them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leat-migrate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await migrate(['DB', 'LOGS'], folder, join(folder, 'pid'))
  const note = join(folder, 'd1/migrated.json')
  const notedAt = statSync(note).mtimeMs
  await migrate(['DB', 'LOGS'], folder, join(folder, 'pid'))
  expect(statSync(note).mtimeMs).toBe(notedAt)

  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...sharedOptions(folder, join(folder, 'pid')),
      modules: true,
      script: 'export default {}',
      d1Databases: { DB: 'DB', LOGS: 'LOGS' },
    }),
  )
  onTestFinished(() => miniflare.dispose())
  const tables = async (binding: string) => {
    const database = await miniflare.getD1Database(binding)
    const { results } = await database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all()
    return results.map(({ name }) => name)
  }
  expect(await tables('DB')).toEqual(expect.arrayContaining(['workflows', 'd1_migrations']))
  expect(await tables('LOGS')).toEqual(expect.arrayContaining(['executions', 'd1_migrations']))
})

test('a connection that breaks is no failure, once; anything else is', async () => {
  const broken = new Error('Migration 0001 failed.', {
    cause: new TypeError('fetch failed', { cause: new Error('other side closed') }),
  })
  const worked = vi.fn<() => Promise<void>>().mockRejectedValueOnce(broken).mockResolvedValueOnce()
  await unlessBroken(worked)
  expect(worked).toHaveBeenCalledTimes(2)
  await expect(unlessBroken(() => Promise.reject(broken))).rejects.toBe(broken)
  const failing = vi.fn<() => Promise<void>>().mockRejectedValue(new Error('no such table'))
  await expect(unlessBroken(failing)).rejects.toThrow('no such table')
  expect(failing).toHaveBeenCalledTimes(1)
})

test('teams that were made before their names had to differ stay, and so does one place of each member', () => {
  const database = new DatabaseSync(':memory:')
  const folder = join(import.meta.dirname, '../../migrations/db')
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  const apply = (names: string[]) => {
    for (const name of names.toSorted()) database.exec(readFileSync(join(folder, name), 'utf8'))
  }
  apply(files.filter((name) => name < '0016'))
  database.exec(`
    INSERT INTO organizations (id, name, slug, created_at) VALUES ('o', 'O', 'o', 1), ('p', 'P', 'p', 1);
    INSERT INTO users (id, name, email, created_at, updated_at) VALUES ('u', 'U', 'u@example.com', 1, 1);
    INSERT INTO teams (id, name, organization_id, created_at)
      VALUES ('t1', 'Sales', 'o', 1), ('t2', 'SALES', 'o', 1), ('t3', 'sales', 'p', 1);
    INSERT INTO team_members (id, team_id, user_id) VALUES ('a', 't1', 'u'), ('b', 't1', 'u'), ('c', 't2', 'u')`)
  apply(files.filter((name) => name >= '0016'))
  const read = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row))
  expect(read('SELECT id, name, name_key FROM teams ORDER BY id')).toEqual([
    ['t1', 'Sales', 'sales'],
    ['t2', 'SALES', null],
    ['t3', 'sales', 'sales'],
  ])
  expect(read('SELECT id FROM team_members ORDER BY id')).toEqual([['a'], ['c']])
})
