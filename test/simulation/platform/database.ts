// database: D1, on SQLite in memory. A batch is one transaction; what was answered is durable and visible to all.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Faults } from './faults.ts'
import { Sqlite, givesRows } from './sql.ts'
import { PlatformError, type Caller } from './objects.ts'
import type { Timeline } from './timeline.ts'

interface Statement {
  query: string
  bindings: unknown[]
}

interface Result {
  results: Record<string, unknown>[]
  success: true
  meta: { changes: number }
}

export class Database {
  readonly sql = new Sqlite()

  /** With the tables that the migrations of a folder make. */
  constructor(migrations: string) {
    const files = readdirSync(migrations).filter((name) => name.endsWith('.sql'))
    for (const file of files.sort()) this.sql.exec(readFileSync(join(migrations, file), 'utf8'))
    this.sql.begin()
  }

  /** As the migrations left it: all that is written lies in one transaction, which is quicker taken back than deleted. */
  reset(): void {
    this.sql.rollback()
    this.sql.begin()
  }

  /** The binding, as a process sees it. */
  binding(caller: Caller, timeline: Timeline, faults: Faults): object {
    const ask = <Answer>(run: () => Answer): Promise<Answer> =>
      new Promise((resolve, reject) => {
        caller.outgoing(() => {
          timeline.schedule(null, 'database', () => {
            const fails = faults.strikes('database.fails')
            const answer = fails ? undefined : this.#perform(run)
            const silent = faults.strikes('database.silent')
            const tell = () => {
              if (answer === undefined || silent) reject(new PlatformError('D1_ERROR: storage operation failed'))
              else if ('error' in answer) reject(answer.error)
              else resolve(answer.value)
            }
            timeline.schedule(caller.process, 'database answers', tell)
          })
        })
      })
    const prepare = (query: string, bindings: unknown[] = []): object => ({
      query,
      bindings,
      bind: (...values: unknown[]) => prepare(query, values),
      all: () => ask(() => this.#one({ query, bindings })),
      run: () => ask(() => this.#one({ query, bindings })),
      first: () => ask(() => this.#one({ query, bindings }).results[0] ?? null),
      raw: () => ask(() => this.#one({ query, bindings }).results.map((row) => Object.values(row))),
    })
    return {
      prepare: (query: string) => prepare(query),
      batch: (statements: Statement[]) => ask(() => statements.map((statement) => this.#one(statement))),
    }
  }

  #perform<Answer>(run: () => Answer): { value: Answer } | { error: unknown } {
    try {
      return { value: this.sql.together(run) }
    } catch (error) {
      return { error }
    }
  }

  #one({ query, bindings }: Statement): Result {
    if (givesRows(query)) return { results: this.sql.all(query, bindings), success: true, meta: { changes: 0 } }
    return { results: [], success: true, meta: { changes: this.sql.run(query, bindings) } }
  }
}
