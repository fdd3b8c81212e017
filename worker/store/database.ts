import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1'

/** One of the D1 databases. Only `store/` runs statements on it. */
export type Database = DrizzleD1Database

/** Wraps a binding. Cheap: nothing is read or checked. */
export function openDatabase(binding: D1Database): Database {
  return drizzle(binding)
}
