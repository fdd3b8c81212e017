import { DrizzleQueryError } from 'drizzle-orm'
import { DrizzleD1Database, type D1PreparedQuery, SQLiteD1Session } from 'drizzle-orm/d1'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'

/** One of the D1 databases. Only `store/` runs statements on it. */
export type Database = DrizzleD1Database

/** It knows the names of all columns it has seen, and nothing else. */
const dialect = new SQLiteAsyncDialect()

/**
 * Wraps a binding. Cheap: nothing is read or checked. A statement that fails throws what D1 said and the statement, and
 * never the values in it: errors end up in logs, and values are session tokens, addresses and what people wrote.
 */
export function openDatabase(binding: D1Database): Database {
  return new DrizzleD1Database('async', dialect, new DiscreetSession(binding, dialect, undefined), undefined)
}

/**
 * The library's own errors list the values of the statement. Whatever is asked goes through these three, but for a batch,
 * whose errors come from D1 as they are.
 */
class DiscreetSession extends SQLiteD1Session<Record<string, never>, Record<string, never>> {
  override prepareQuery(...args: Parameters<SQLiteD1Session<never, never>['prepareQuery']>): D1PreparedQuery {
    const prepared = super.prepareQuery(...args)
    prepared.run = discreet(prepared.run.bind(prepared))
    prepared.all = discreet(prepared.all.bind(prepared))
    prepared.get = discreet(prepared.get.bind(prepared))
    return prepared
  }
}

function discreet<Args extends unknown[], Result>(
  ask: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await ask(...args)
    } catch (error) {
      throw error instanceof DrizzleQueryError ? withoutValues(error) : error
    }
  }
}

function withoutValues({ query, cause }: DrizzleQueryError): Error {
  const said = cause instanceof Error ? cause.message : String(cause)
  return new Error(`A statement failed: ${said} It was: ${query}`, { cause })
}
