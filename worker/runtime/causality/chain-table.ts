// chain-table
//
// What was refused in a chain, in its own storage. Tables are made by the first write.

export interface Refused {
  executionId: string
  /** Epoch ms. */
  at: number
  /** Somebody may have been told of it, and the process died before it could note that. */
  begun: boolean
  /** JSON text of a `RefusedStart`. */
  text: string
}

interface StoredRow extends Record<string, SqlStorageValue> {
  id: string
  at: number
  told: 'no' | 'begun' | 'yes'
  text: string
}

/** Each who is admitted asks whether somebody is still to be told, and most of what was refused has been told. */
const untoldIndex = "CREATE INDEX IF NOT EXISTS refused_untold ON refused (at, id) WHERE told <> 'yes'"

export function chainTable(sql: SqlStorage) {
  let isMade: boolean | undefined

  function isThere(): boolean {
    if (isMade !== undefined) return isMade
    isMade = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'refused'").toArray().length > 0
    // Chains of earlier releases are without it.
    if (isMade) sql.exec(untoldIndex)
    return isMade
  }

  function mark(told: 'begun' | 'yes', ids: readonly string[]): void {
    sql.exec('UPDATE refused SET told = ? WHERE id IN (SELECT value FROM json_each(?))', told, JSON.stringify(ids))
  }

  return {
    /** Notes a refusal that nobody has been told of. One that is known changes nothing. */
    add({ executionId, at, text }: Omit<Refused, 'begun'>): void {
      if (!isThere()) {
        sql.exec(
          'CREATE TABLE refused (id TEXT PRIMARY KEY, at INTEGER NOT NULL, told TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID',
        )
        sql.exec(untoldIndex)
        isMade = true
      }
      sql.exec("INSERT OR IGNORE INTO refused VALUES (?, ?, 'no', ?)", executionId, at, text)
    },

    isRefused(executionId: string): boolean {
      return isThere() && sql.exec('SELECT 1 FROM refused WHERE id = ?', executionId).toArray().length > 0
    },

    /** Those that somebody is still to be told of, the oldest first. */
    listUntold(limit: number): Refused[] {
      if (!isThere()) return []
      return sql
        .exec<StoredRow>("SELECT * FROM refused WHERE told <> 'yes' ORDER BY at, id LIMIT ?", limit)
        .toArray()
        .map(({ id, at, told, text }) => ({ executionId: id, at, begun: told === 'begun', text }))
    },

    beginToTell: (ids: readonly string[]) => mark('begun', ids),
    markTold: (ids: readonly string[]) => mark('yes', ids),

    /** Forgets those that everybody knows of and whose events were accepted before an instant (epoch ms). Reads all rows. */
    forgetTold(before: number): void {
      if (isThere()) sql.exec("DELETE FROM refused WHERE told = 'yes' AND at < ?", before)
    },

    /** Forgets that there were tables: the storage has been erased. */
    forget(): void {
      isMade = false
    },
  }
}

export type ChainTable = ReturnType<typeof chainTable>
