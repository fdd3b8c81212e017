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
  /** What was made, by name; and of what was made or dropped since the last commit, what was there before. */
  readonly #made = new Map<string, string>()
  #news: { name: string; before: string | undefined }[] = []
  #isOpen = false
  /** Its schema is not known any more. */
  #isSpoiled = false
  /** Another one after every write: what was read at one holds as long as it is this. */
  version = 0

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
    if (!isRead(query)) this.version += 1
    return this.#prepare(query).all(...(bindings as SQLInputValue[]))
  }

  /** A write; gives how many rows it wrote. */
  run(query: string, bindings: readonly unknown[]): number {
    this.version += 1
    const { makes, changesSchema } = natureOf(query)
    if (makes !== undefined) return this.#make(query, makes)
    if (changesSchema) {
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

  /** Runs something within the open transaction, all of it or nothing. */
  together<Result>(run: () => Result): Result {
    this.#prepare('SAVEPOINT inside').run()
    try {
      const result = run()
      this.#prepare('RELEASE inside').run()
      return result
    } catch (error) {
      this.version += 1
      this.#prepare('ROLLBACK TO inside').run()
      this.#prepare('RELEASE inside').run()
      throw error
    }
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
    this.version += 1
    for (const { name, before } of this.#news.splice(0).reverse()) {
      if (before === undefined) this.#made.delete(name)
      else this.#made.set(name, before)
    }
  }

  dropAll(): void {
    this.version += 1
    for (const { name, type } of this.all('SELECT name, type FROM _there', [])) {
      if (type === 'TABLE') this.#prepare(`DELETE FROM "${String(name)}"`).run()
    }
    this.#prepare('DELETE FROM _there').run()
  }

  /** What a table costs is counted in rows too: whether it was there already can be told by it. */
  #make(query: string, { type, name, mayBeThere }: Made): number {
    if (this.all('SELECT 1 FROM _there WHERE name = ?', [name]).length > 0) {
      if (mayBeThere) return 0
      throw new Error(`${name} already exists: SQLITE_ERROR`)
    }
    if (this.#made.get(name) !== query) {
      if (this.#made.has(name)) this.#drop(type, name)
      this.#database.exec(query)
      this.#note(name, query)
    }
    this.#prepare('INSERT INTO _there VALUES (?, ?)').run(type, name)
    return 2
  }

  /** Its indices go with a table. */
  #drop(type: string, name: string): void {
    this.#database.exec(`DROP ${type === 'TABLE' ? 'TABLE' : 'INDEX'} "${name}"`)
    for (const [other, query] of this.#made) {
      if (type === 'TABLE' && new RegExp(`INDEX.* ON ${name}\\b`, 'is').test(query)) this.#note(other, undefined)
    }
  }

  #note(name: string, query: string | undefined): void {
    this.#news.push({ name, before: this.#made.get(name) })
    if (query === undefined) this.#made.delete(name)
    else this.#made.set(name, query)
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
  return natureOf(query).isRead
}

/** Whether it gives rows. */
export function givesRows(query: string): boolean {
  return natureOf(query).givesRows
}

/** The table or index that a statement makes. */
interface Made {
  type: string
  name: string
  mayBeThere: boolean
}

/** What can be said of a statement by its text. */
interface Nature {
  isRead: boolean
  givesRows: boolean
  makes: Made | undefined
  changesSchema: boolean
}

/** There are few different statements, and each is run many thousand times. */
const natures = new Map<string, Nature>()

function natureOf(query: string): Nature {
  const known = natures.get(query)
  if (known !== undefined) return known
  const looks = /^\s*(SELECT|PRAGMA|EXPLAIN)\b/i.test(query)
  const made = /^\s*CREATE (TABLE|(?:UNIQUE )?INDEX) (IF NOT EXISTS )?"?(\w+)/i.exec(query)
  const nature: Nature = {
    isRead: looks,
    givesRows: looks || /^\s*WITH\b/i.test(query) || /\bRETURNING\b/i.test(query),
    makes: made === null ? undefined : { type: made[1]!, name: made[3]!, mayBeThere: made[2] !== undefined },
    changesSchema: /^\s*(CREATE|ALTER|DROP)\b/i.test(query),
  }
  natures.set(query, nature)
  return nature
}
