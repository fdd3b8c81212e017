import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { HookKey, OrganizationId, UserId, VersionId, WorkflowId } from '../../../contract/id.ts'
import type { JsonObject } from '../../../contract/json.ts'
import type { Visibility, WorkflowStatus } from '../../../contract/workflow.ts'

const at = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** The draft people edit. `graph` comes last: a list that does not read it never touches its overflow pages. */
export const workflows = sqliteTable(
  'workflows',
  {
    id: text('id').$type<WorkflowId>().primaryKey(),
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    status: text('status').$type<WorkflowStatus>().notNull(),
    visibility: text('visibility').$type<Visibility>().notNull(),
    createdBy: text('created_by').$type<UserId>().notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    /** Counts saved drafts. */
    revision: integer('revision').notNull(),
    triggerTypes: text('trigger_types', { mode: 'json' }).$type<string[]>().notNull(),
    nodeCount: integer('node_count').notNull(),
    /** Of the draft's canonical JSON, and of the live version's. */
    graphHash: text('graph_hash').notNull(),
    publishedHash: text('published_hash'),
    publishedVersionId: text('published_version_id').$type<VersionId>(),
    publishedNumber: integer('published_number'),
    graph: text('graph').notNull(),
  },
  (table) => [index('workflows_recent').on(table.organizationId, table.updatedAt, table.id)],
)

/**
 * Immutable snapshots, named by the hash of their content. Published ones count from 1 without gaps; `number` 0 is a
 * draft that was frozen to be tried.
 */
export const versions = sqliteTable(
  'versions',
  {
    id: text('id').$type<VersionId>().primaryKey(),
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>().notNull(),
    number: integer('number').notNull(),
    hash: text('hash').notNull(),
    note: text('note').notNull(),
    publishedBy: text('published_by').$type<UserId>().notNull(),
    publishedAt: at('published_at').notNull(),
    /** The workflow's name when it was frozen. */
    name: text('name').notNull(),
    graph: text('graph').notNull(),
  },
  (table) => [
    uniqueIndex('versions_number')
      .on(table.workflowId, table.number)
      .where(sql`number > 0`),
    uniqueIndex('versions_tried')
      .on(table.workflowId, table.hash)
      .where(sql`number = 0`),
  ],
)

/** A webhook address: made when a draft with the trigger is first saved, and the same ever after. */
export const hooks = sqliteTable(
  'hooks',
  {
    key: text('key').$type<HookKey>().primaryKey(),
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>().notNull(),
    nodeId: text('node_id').notNull(),
    createdAt: at('created_at').notNull(),
    /** Sealed by `vault/`. */
    secretCiphertext: text('secret_ciphertext'),
    secretSetAt: at('secret_set_at'),
    /** The secret before, which senders may still sign with until it expires. */
    previousSecretCiphertext: text('previous_secret_ciphertext'),
    previousSecretExpiresAt: at('previous_secret_expires_at'),
  },
  (table) => [uniqueIndex('hooks_node').on(table.workflowId, table.nodeId)],
)

/**
 * What active published versions listen to. `match` is the hook's key, or a key of `triggers/event-match.ts`. Rows
 * exist exactly while the workflow is active: they are written in the same batch that makes it so.
 */
export const subscriptions = sqliteTable(
  'subscriptions',
  {
    organizationId: text('organization_id').$type<OrganizationId>().notNull(),
    kind: text('kind').$type<'webhook' | 'event'>().notNull(),
    match: text('match').notNull(),
    workflowId: text('workflow_id').$type<WorkflowId>().notNull(),
    nodeId: text('node_id').notNull(),
    versionId: text('version_id').$type<VersionId>().notNull(),
    versionNumber: integer('version_number').notNull(),
    versionHash: text('version_hash').notNull(),
    workflowName: text('workflow_name').notNull(),
    /** The trigger node's own params. */
    params: text('params', { mode: 'json' }).$type<JsonObject>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.kind, table.match, table.workflowId, table.nodeId] }),
    index('subscriptions_workflow').on(table.workflowId),
  ],
)
