// sql: SQLite, as an object has it and as D1 does
//
// Real SQLite in memory. Databases are kept from run to run and emptied. Their tables stay, because every change of a schema
// has all statements prepared again; so that a table is there only for whoever made it, `_there` is in the place of
// `sqlite_master`.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

type Row = Record<string, unknown>

const idle: Sqlite[] = []

/** One database: statements are prepared once, and a transaction is open from the first write to the commit. */
export class Sqlite {
  readonly #database = new DatabaseSync(':memory:')
  readonly #statements = new Map<string, StatementSync>()
  /** What was made, by name; and what was made since the last commit. */
  readonly #made = new Map<string, string>()
  #news: string[] = []
  #isOpen = false
  /** Its schema is not known any more. */
  #isSpoiled = false

  constructor() {
    this.#database.exec('CREATE TABLE _there (type TEXT, name TEXT PRIMARY KEY)')
  }

  /** An empty one. */
  static take(): Sqlite {
    return idle.pop() ?? new Sqlite()
  }

  giveBack(): void {
    if (this.#isSpoiled) return
    this.rollback()
    this.dropAll()
    idle.push(this)
  }

  /** Reads, or a write that returns rows. */
  all(query: string, bindings: readonly unknown[]): Row[] {
    return this.#prepare(query).all(...(bindings as SQLInputValue[]))
  }

  /** A write; gives how many rows it wrote. */
  run(query: string, bindings: readonly unknown[]): number {
    const made = /^\s*CREATE (TABLE|(?:UNIQUE )?INDEX) IF NOT EXISTS "?(\w+)/i.exec(query)
    if (made !== null) return this.#make(query, made[1]!, made[2]!)
    if (/^\s*(CREATE|ALTER|DROP)\b/i.test(query)) {
      this.#isSpoiled = true
      this.#database.exec(query.replaceAll('sqlite_master', '_there'))
      return 1
    }
    return Number(this.#prepare(query).run(...(bindings as SQLInputValue[])).changes)
  }

  /** Runs a script as it stands. */
  exec(script: string): void {
    this.#database.exec(script)
  }

  begin(): void {
    if (this.#isOpen) return
    this.#prepare('BEGIN').run()
    this.#isOpen = true
  }

  commit(): void {
    if (this.#isOpen) this.#prepare('COMMIT').run()
    this.#isOpen = false
    this.#news = []
  }

  rollback(): void {
    if (this.#isOpen) this.#prepare('ROLLBACK').run()
    this.#isOpen = false
    for (const name of this.#news.splice(0)) this.#made.delete(name)
  }

  dropAll(): void {
    for (const { name, type } of this.all('SELECT name, type FROM _there', [])) {
      if (type === 'TABLE') this.#prepare(`DELETE FROM "${String(name)}"`).run()
    }
    this.#prepare('DELETE FROM _there').run()
  }

  /** What a table costs is counted in rows too: whether it was there already can be told by it. */
  #make(query: string, type: string, name: string): number {
    if (this.all('SELECT 1 FROM _there WHERE name = ?', [name]).length > 0) return 0
    if (this.#made.get(name) !== query) {
      if (this.#made.has(name)) this.#database.exec(`DROP ${type === 'TABLE' ? 'TABLE' : 'INDEX'} "${name}"`)
      this.#database.exec(query)
      this.#made.set(name, query)
      this.#news.push(name)
    }
    this.#prepare('INSERT INTO _there VALUES (?, ?)').run(type, name)
    return 2
  }

  #prepare(query: string): StatementSync {
    const known = this.#statements.get(query)
    if (known !== undefined) return known
    const statement = this.#database.prepare(query.replaceAll('sqlite_master', '_there'))
    this.#statements.set(query, statement)
    return statement
  }
}

/** Whether a statement only looks. */
export function isRead(query: string): boolean {
  return /^\s*(SELECT|PRAGMA|EXPLAIN)\b/i.test(query)
}

/** Whether it gives rows. */
export function givesRows(query: string): boolean {
  return isRead(query) || /^\s*WITH\b/i.test(query) || /\bRETURNING\b/i.test(query)
}
