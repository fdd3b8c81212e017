// workflows
//
// The drafts people edit, and whether what they published is live.
//
//   D1. Every statement reads or writes through `visibleTo(scope)`: list and single reads cannot disagree.
//   D2. A save names the revision it was based on; one that lost the race changes nothing.
//   D3. `subscriptions` are what the workflow's state calls for, and follow it in the same batch.
//   D4. A write gives the row that it left, by the statement that wrote it: what is read later may be somebody else's, or
//       be hidden from the caller by what they have just changed.

import { and, desc, eq, getTableColumns, inArray, lt, ne, or, sql, type SQL } from 'drizzle-orm'
import type { Page } from '../contract/error.ts'
import type { Graph } from '../contract/graph.ts'
import type { VersionId, WorkflowId } from '../contract/id.ts'
import { upgradeGraph } from '../contract/upgrade-graph.ts'
import type { Visibility, WorkflowListQuery, WorkflowStatus, WorkflowSummary } from '../contract/workflow.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor, type Deed } from './audit.ts'
import type { Database } from './database.ts'
import { insertHooks } from './hooks.ts'
import { workflows } from './schema/db/workflows.ts'
import { followState, type Live } from './subscriptions.ts'
import { visibleTo } from './visible-to.ts'

/** A draft's content, with what lists and hooks need to know of it. */
export interface DraftContent {
  /** Canonical JSON. */
  graphText: string
  graphHash: string
  triggerTypes: string[]
  nodeCount: number
  /** Trigger nodes that have an address. */
  hookNodeIds: string[]
}

export interface StoredWorkflow {
  summary: WorkflowSummary
  graph: Graph
  graphHash: string
  revision: number
  publishedVersionId: VersionId | undefined
  publishedHash: string | undefined
}

export type WorkflowChanges = Partial<{
  name: string
  description: string
  visibility: Visibility
  draft: DraftContent
}>

export interface Move {
  from: WorkflowStatus[]
  to: WorkflowStatus
  live?: Live
  at: Date
  deed: Deed
}

/** Columns of a list: all but the graph. */
const { graph: _, ...summaryColumns } = getTableColumns(workflows)

/** The workflows that the caller sees. */
export function workflowStore(db: Database, scope: Scope, actor: Actor) {
  const visible = visibleTo(scope)
  const one = (id: WorkflowId) => and(visible, eq(workflows.id, id))

  /** Whose name holds a text, in whatever case. SQLite knows the cases of ASCII only: other letters are looked at here. */
  async function nameHolds(search: string): Promise<SQL> {
    const wanted = folded(search)
    if (isAscii(wanted)) return sql`instr(lower(${workflows.name}), ${wanted}) > 0`
    const named = await db
      .select({ id: workflows.id, name: workflows.name })
      .from(workflows)
      .where(and(visible, sql`${workflows.name} GLOB '*[^ -~]*'`))
    const ids = named.filter(({ name }) => folded(name).includes(wanted)).map(({ id }) => id)
    return sql`${workflows.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
  }

  return {
    /** Makes a draft that belongs to the caller, and gives it. */
    async create(workflow: {
      id: WorkflowId
      name: string
      description: string
      visibility: Visibility
      draft: DraftContent
      at: Date
    }): Promise<StoredWorkflow> {
      const { id, name, description, visibility, draft, at } = workflow
      const [[created]] = await db.batch([
        db
          .insert(workflows)
          .values({
            id,
            organizationId: scope.organizationId,
            name,
            description,
            visibility,
            status: 'draft',
            createdBy: scope.userId,
            createdAt: at,
            updatedAt: at,
            revision: 1,
            triggerTypes: draft.triggerTypes,
            nodeCount: draft.nodeCount,
            graphHash: draft.graphHash,
            graph: draft.graphText,
          })
          .returning(),
        deedIfChanged(db, actor, { action: 'workflow.created', targetId: id }),
        insertHooks(db, scope, { workflow: one(id), workflowId: id, nodeIds: draft.hookNodeIds, at }),
      ])
      return toStoredWorkflow(created!)
    },

    async find(id: WorkflowId): Promise<StoredWorkflow | undefined> {
      const [row] = await db.select().from(workflows).where(one(id)).limit(1)
      return row && toStoredWorkflow(row)
    },

    /** Most recently changed first. Archived ones only when they are asked for. */
    async list({ status, search, cursor, limit }: WorkflowListQuery): Promise<Page<WorkflowSummary>> {
      const rows = await db
        .select(summaryColumns)
        .from(workflows)
        .where(
          and(
            visible,
            status === undefined ? ne(workflows.status, 'archived') : eq(workflows.status, status),
            search === undefined ? undefined : await nameHolds(search),
            cursor === undefined ? undefined : after(cursor),
          ),
        )
        .orderBy(desc(workflows.updatedAt), desc(workflows.id))
        .limit(limit + 1)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(toSummary),
        ...(rows.length > limit && last !== undefined
          ? { nextCursor: encodeCursor([last.updatedAt.getTime(), last.id]) }
          : {}),
      }
    },

    /** The ids of every workflow the caller sees, archived ones too; undefined when that is all there are. */
    async visibleIds(): Promise<WorkflowId[] | undefined> {
      if (scope.sight === 'organization') return undefined
      const rows = await db.select({ id: workflows.id }).from(workflows).where(visible)
      return rows.map(({ id }) => id)
    },

    /** What these workflows are called, and the goals of their drafts by id. */
    async names(ids: readonly WorkflowId[]): Promise<Map<WorkflowId, { name: string; goals: Map<string, string> }>> {
      if (ids.length === 0) return new Map()
      const rows = await db
        .select({
          id: workflows.id,
          name: workflows.name,
          goals: sql<string>`(SELECT json_group_object(value->>'id', value->>'name') FROM json_each(${workflows.graph}, '$.settings.goals'))`,
        })
        .from(workflows)
        .where(and(visible, sql`${workflows.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`))
      return new Map(
        rows.map(({ id, name, goals }) => {
          const names = JSON.parse(goals) as Record<string, string>
          return [id, { name, goals: new Map(Object.entries(names)) }]
        }),
      )
    },

    /**
     * Saves a draft that was based on `revision`, and gives it as it was saved. Undefined when the workflow is not there,
     * is archived, or has another revision by now: then nothing has changed.
     */
    async save(
      id: WorkflowId,
      revision: number,
      changes: WorkflowChanges,
      at: Date,
    ): Promise<StoredWorkflow | undefined> {
      const { draft, ...plain } = changes
      const present = and(one(id), eq(workflows.revision, revision), ne(workflows.status, 'archived'))
      const [, [saved]] = await db.batch([
        // Before the row changes: by what is saved the caller may see it no more.
        insertHooks(db, scope, { workflow: present, workflowId: id, nodeIds: draft?.hookNodeIds ?? [], at }),
        db
          .update(workflows)
          .set({
            ...plain,
            ...(draft === undefined
              ? {}
              : {
                  graph: draft.graphText,
                  graphHash: draft.graphHash,
                  triggerTypes: draft.triggerTypes,
                  nodeCount: draft.nodeCount,
                }),
            revision: revision + 1,
            updatedAt: at,
          })
          .where(present)
          .returning(),
        deedIfChanged(db, actor, {
          action: 'workflow.saved',
          targetId: id,
          details: { revision: revision + 1, changed: Object.keys(changes) },
        }),
      ])
      return saved && toStoredWorkflow(saved)
    },

    /**
     * Moves the workflow from one of `from` to `to`, lets its subscriptions follow, and gives it as it is then. `live` is
     * needed to become active: the version that is live and what it listens to. Undefined, and nothing changed, when the
     * workflow is in no such status or another version is live by now.
     */
    async move(id: WorkflowId, { from, to, live, at, deed }: Move): Promise<StoredWorkflow | undefined> {
      const [[moved]] = await db.batch([
        db
          .update(workflows)
          .set({ status: to, updatedAt: at })
          .where(
            and(
              one(id),
              inArray(workflows.status, from),
              live === undefined ? undefined : eq(workflows.publishedVersionId, live.versionId),
            ),
          )
          .returning(),
        deedIfChanged(db, actor, deed),
        ...followState(db, scope, id, live),
      ])
      return moved && toStoredWorkflow(moved)
    },
  }
}

export type WorkflowStore = ReturnType<typeof workflowStore>

function after(cursor: string): SQL | undefined {
  const [updatedAt, id] = decodeCursor(cursor)
  const at = new Date(updatedAt)
  return or(lt(workflows.updatedAt, at), and(eq(workflows.updatedAt, at), lt(workflows.id, id as WorkflowId)))
}

const folded = (text: string) => text.normalize('NFC').toLowerCase()
const isAscii = (text: string) => /^[ -~]*$/.test(text)

type Row = typeof workflows.$inferSelect

/** The row is ours to change; the contract is a promise. These functions are where they meet. */
function toSummary(row: Omit<Row, 'graph'>): WorkflowSummary {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.status,
    visibility: row.visibility,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...(row.publishedNumber === null ? {} : { publishedNumber: row.publishedNumber }),
    hasUnpublishedChanges: row.graphHash !== row.publishedHash,
    triggerTypes: row.triggerTypes,
    nodeCount: row.nodeCount,
  }
}

function toStoredWorkflow(row: Row): StoredWorkflow {
  return {
    summary: toSummary(row),
    graph: upgradeGraph(JSON.parse(row.graph)),
    graphHash: row.graphHash,
    revision: row.revision,
    publishedVersionId: row.publishedVersionId ?? undefined,
    publishedHash: row.publishedHash ?? undefined,
  }
}
