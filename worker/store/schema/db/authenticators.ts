import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { UserId } from '../../../contract/id.ts'
import { users } from './people.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** The app in which a person reads codes to sign with. One each, whatever organizations they belong to. */
export const authenticators = sqliteTable('authenticators', {
  userId: text('user_id')
    .$type<UserId>()
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Sealed. */
  secret: text('secret').notNull(),
  createdAt: at('created_at').notNull(),
  /** A code of it was shown: from then on it counts. */
  confirmedAt: at('confirmed_at'),
  /** The half minute of the last code that was taken: none of it or before it is taken again. */
  lastStep: integer('last_step').notNull(),
  /** SHA-256 of recovery codes that were not used yet. */
  recovery: text('recovery', { mode: 'json' }).$type<string[]>().notNull(),
})
