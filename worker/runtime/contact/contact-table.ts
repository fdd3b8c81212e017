// contact-table
//
// A contact's own storage.
//
//   T1. One row is the contact as it stands; its text is NULL once it was deleted, so nothing about the person is left.
//   T2. A row of the outbox holds the notifications of a revision: it lies there from the commit of that revision until all
//       of them have arrived.
//   T3. Tables are made by the first write. Looking at a contact that never was stores nothing.

import type { Identity } from '../../contacts/identities.ts'
import type { Cause } from '../../contract/cause.ts'
import type { Contact } from '../../contract/contact.ts'
import type { ContactEventType } from '../../contract/facts/contact.ts'
import type { EventId } from '../../contract/id.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { Actor, Deed } from '../../store/audit.ts'

export interface StoredContact {
  revision: number
  /** Epoch ms of the revision. */
  at: number
  contact: Contact | null
}

/** The notifications of a revision: its events, its projection and its entry in the audit. */
export interface OutboxEntry {
  revision: number
  /** Epoch ms. */
  at: number
  /** Each event's data but for the contact, which is the same in all of them. */
  events: { id: EventId; type: ContactEventType; rest: JsonObject }[]
  contact: Contact
  cause: Cause
  /** Identities that the revision gave up. */
  freed: Identity[]
  /** Who is to stand in the audit, and for what. */
  audit?: { actor: Actor; deed: Deed }
}

/** A key that was used, and for what. */
export interface UsedKey {
  hash: string
  changed: boolean
}

/** Keys are remembered for 7 days, as an inbox remembers its own. */
const keysForMs = 7 * 86_400_000

export function contactTable(sql: SqlStorage) {
  let isMade: boolean | undefined

  function isThere(): boolean {
    isMade ??= sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'contact'").toArray().length > 0
    return isMade
  }

  function make(): void {
    if (isThere()) return
    sql.exec('CREATE TABLE contact (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, at INTEGER NOT NULL, text TEXT)')
    sql.exec('CREATE TABLE outbox (revision INTEGER PRIMARY KEY, sent INTEGER NOT NULL, text TEXT NOT NULL)')
    sql.exec(
      'CREATE TABLE keys (key TEXT PRIMARY KEY, hash TEXT NOT NULL, changed INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID',
    )
    isMade = true
  }

  return {
    read(): StoredContact | undefined {
      if (!isThere()) return undefined
      const [row] = sql
        .exec<{ revision: number; at: number; text: string | null }>('SELECT revision, at, text FROM contact')
        .toArray()
      return row && { revision: row.revision, at: row.at, contact: row.text === null ? null : parse<Contact>(row.text) }
    },

    write({ revision, at, contact }: StoredContact, entry: OutboxEntry): void {
      make()
      sql.exec(
        `INSERT INTO contact (id, revision, at, text) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET revision = ?1, at = ?2, text = ?3`,
        revision,
        at,
        contact === null ? null : JSON.stringify(contact),
      )
      sql.exec('INSERT INTO outbox (revision, sent, text) VALUES (?, 0, ?)', revision, JSON.stringify(entry))
    },

    findKey(key: string): UsedKey | undefined {
      if (!isThere()) return undefined
      const [row] = sql
        .exec<{ hash: string; changed: number }>('SELECT hash, changed FROM keys WHERE key = ?', key)
        .toArray()
      return row && { hash: row.hash, changed: row.changed === 1 }
    },

    rememberKey(key: string, { hash, changed }: UsedKey, at: number): void {
      make()
      sql.exec('DELETE FROM keys WHERE at < ?', at - keysForMs)
      sql.exec('INSERT INTO keys (key, hash, changed, at) VALUES (?, ?, ?, ?)', key, hash, changed ? 1 : 0, at)
    },

    /** What has not been told to everybody, oldest first. `sent`: its events lie in their inbox already. */
    listOutbox(): (OutboxEntry & { sent: boolean })[] {
      if (!isThere()) return []
      return sql
        .exec<{ sent: number; text: string }>('SELECT sent, text FROM outbox ORDER BY revision')
        .toArray()
        .map(({ sent, text }) => ({ ...parse<OutboxEntry>(text), sent: sent === 1 }))
    },

    hasOutbox(): boolean {
      return isThere() && sql.exec('SELECT 1 FROM outbox LIMIT 1').toArray().length > 0
    },

    /** The events of these revisions lie in their inbox. */
    markSent(revisions: readonly number[]): void {
      sql.exec(
        'UPDATE outbox SET sent = 1 WHERE revision IN (SELECT value FROM json_each(?))',
        JSON.stringify(revisions),
      )
    },

    /** Everybody knows of these revisions. */
    discard(revisions: readonly number[]): void {
      sql.exec('DELETE FROM outbox WHERE revision IN (SELECT value FROM json_each(?))', JSON.stringify(revisions))
    },

    /** Forgets that there were tables: the storage has been erased. */
    forget(): void {
      isMade = false
    },
  }
}

export type ContactTable = ReturnType<typeof contactTable>

function parse<Value>(text: string): Value {
  return JSON.parse(text) as Value
}
