import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { OrganizationId, UserId } from '../../../contract/id.ts'
import type { Json } from '../../../contract/json.ts'
import type { VariableName, VariableType } from '../../../contract/variable.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** What all workflows of an organization may read. */
export const variables = sqliteTable(
  'variables',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    name: text('name').$type<VariableName>().notNull(),
    type: text('type').$type<VariableType>().notNull(),
    value: text('value', { mode: 'json' }).$type<Json>().notNull(),
    description: text('description').notNull(),
    revision: integer('revision').notNull(),
    createdBy: text('created_by').$type<UserId>().notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.name] })],
)
