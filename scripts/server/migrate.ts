// migrate
//
// Brings the local databases up to `migrations/<database>/*.sql`, before the Worker gets to see them. The table that
// says what was applied is the one wrangler keeps, so either may apply the next file.
//
// Invariants:
//
//   1. A file is applied whole or not at all, and noted in the same transaction.
//   2. Files are applied in the order of their names, each once, and never change afterwards.
//   3. Nothing to do costs nothing: what is applied is noted beside the databases too, because opening them takes
//      longer than starting the Worker. The note goes where they go.
//   4. A connection that breaks is no failure of a file: what is missing then is applied once more (1 says what that is).

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { D1Database } from '@cloudflare/workers-types'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { root } from '../paths.ts'
import { sharedOptions } from './miniflare-options.ts'

interface Migration {
  name: string
  path: string
}

/** Applies what is missing to the databases behind these bindings. Their files must not be open elsewhere. */
export async function migrate(bindings: string[], stateDir: string, runtimePidFile: string): Promise<void> {
  const wanted = bindings.map((binding) => ({ binding, migrations: listMigrations(binding) }))
  const note = join(stateDir, 'd1', 'migrated.json')
  const noted = JSON.stringify(wanted.map(({ binding, migrations }) => [binding, migrations.map(({ name }) => name)]))
  if (existsSync(note) && readFileSync(note, 'utf8') === noted) return

  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...sharedOptions(stateDir, runtimePidFile),
      modules: true,
      script: 'export default {}',
      compatibilityDate: '2026-11-01',
      d1Databases: Object.fromEntries(bindings.map((name) => [name, name])),
    }),
  )
  try {
    for (const { binding, migrations } of wanted) {
      const database = await miniflare.getD1Database(binding)
      await unlessBroken(() => apply(database, migrations))
    }
  } finally {
    await miniflare.dispose()
  }
  mkdirSync(dirname(note), { recursive: true })
  writeFileSync(note, noted)
}

function listMigrations(binding: string): Migration[] {
  const folder = join(root, 'migrations', binding.toLowerCase())
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => ({ name, path: join(folder, name) }))
}

/** Does it again, once, when a connection broke. */
export async function unlessBroken(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isBroken(error)) throw error
    await work()
  }
}

/** Whether a connection broke, whoever says so. */
function isBroken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return /other side closed|ECONNRESET|UND_ERR_SOCKET/.test(`${code} ${error.message}`) || isBroken(error.cause)
}

async function apply(database: D1Database, migrations: Migration[]): Promise<void> {
  await database.exec(
    'CREATE TABLE IF NOT EXISTS d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, ' +
      'applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  )
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map(({ name }) => name))
  const missing = migrations.filter(({ name }) => !applied.has(name))
  if (missing.length === 0) return

  const { unstable_splitSqlQuery: split } = await import('wrangler')
  for (const { name, path } of missing) {
    const statements = split(readFileSync(path, 'utf8')).map((statement) => database.prepare(statement))
    const noted = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)
    try {
      await database.batch([...statements, noted])
    } catch (cause) {
      throw new Error(`Migration ${path} failed.`, { cause })
    }
  }
}
