// routes
//
// What listens to what, for the paths that every event takes. These reads come before anybody is admitted, so they
// are the one place that is not built from a scope: a hook's key (128 bits of chance) is itself the admission, and
// everything read here says which organization it belongs to.

import type { Graph } from '../contract/graph.ts'
import type { HookKey, OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'
import type { JsonObject } from '../contract/json.ts'
import { upgradeGraph } from '../contract/upgrade-graph.ts'
import { findContactLimits } from './contact-limits.ts'
import { readCalendarSnapshot } from './calendars.ts'
import { readRetryDefaults } from './defaults.ts'
import { findExecutionLimit } from './execution-limit.ts'
import { readVariables } from './variables.ts'
import { listEventWaits } from './event-waits.ts'

/** An active published workflow that a trigger starts, at one of its trigger nodes. */
export interface Target {
  workflowId: WorkflowId
  nodeId: string
  versionId: VersionId
  /** The trigger node's own params. */
  params: JsonObject
}

/** A webhook address and who listens to it now. Secrets are sealed, newest first. */
export interface HookRoute {
  key: HookKey
  organizationId: OrganizationId
  workflowId: WorkflowId
  sealedSecrets: { text: string; expiresAt: number | null }[]
  targets: Target[]
}

export interface EventTarget extends Target {
  /** The event type, or pattern, that the node listens to. */
  match: string
}

export interface FrozenVersion {
  organizationId: OrganizationId
  workflowId: WorkflowId
  workflowName: string
  versionId: VersionId
  number: number
  graph: Graph
}

interface HookRow {
  organizationId: OrganizationId
  hookWorkflowId: WorkflowId
  secret: string | null
  previousSecret: string | null
  previousExpiresAt: number | null
  workflowId: WorkflowId | null
  nodeId: string | null
  versionId: VersionId | null
  params: string | null
}

/** Where events go, for those who take them in: of every organization, and asked by nobody else. */
export function routeStore(db: D1Database) {
  return {
    /** The hook under a key, with the active workflows behind it; undefined when there is no such hook. */
    async findHook(key: HookKey): Promise<HookRoute | undefined> {
      const { results } = await db
        .prepare(
          `SELECT h.organization_id AS organizationId, h.workflow_id AS hookWorkflowId,
             h.secret_ciphertext AS secret, h.previous_secret_ciphertext AS previousSecret,
             h.previous_secret_expires_at AS previousExpiresAt,
             s.workflow_id AS workflowId, s.node_id AS nodeId, s.version_id AS versionId, s.params AS params
           FROM hooks AS h
           LEFT JOIN subscriptions AS s ON s.organization_id = h.organization_id AND s.kind = 'webhook' AND s.match = h.key
           WHERE h.key = ?`,
        )
        .bind(key)
        .all<HookRow>()
      const [first] = results
      if (first === undefined) return undefined
      const sealedSecrets: HookRoute['sealedSecrets'] = []
      if (first.secret !== null) sealedSecrets.push({ text: first.secret, expiresAt: null })
      if (first.previousSecret !== null) {
        sealedSecrets.push({ text: first.previousSecret, expiresAt: first.previousExpiresAt })
      }
      return {
        key,
        organizationId: first.organizationId,
        workflowId: first.hookWorkflowId,
        sealedSecrets,
        targets: results.flatMap(({ workflowId, nodeId, versionId, params }) =>
          workflowId === null || nodeId === null || versionId === null || params === null
            ? []
            : [{ workflowId, nodeId, versionId, params: JSON.parse(params) as JsonObject }],
        ),
      }
    },

    /** Everything in an organization that listens to events. */
    async listEventTargets(organizationId: OrganizationId): Promise<EventTarget[]> {
      const { results } = await db
        .prepare(
          `SELECT match, workflow_id AS workflowId, node_id AS nodeId, version_id AS versionId, params
           FROM subscriptions WHERE organization_id = ? AND kind = 'event'`,
        )
        .bind(organizationId)
        .all<Omit<EventTarget, 'params'> & { params: string }>()
      return results.map((row) => ({ ...row, params: JSON.parse(row.params) as JsonObject }))
    },

    /** A version by its id; undefined when there is none in the organization. */
    async findVersion(organizationId: OrganizationId, versionId: VersionId): Promise<FrozenVersion | undefined> {
      const row = await db
        .prepare(
          `SELECT workflow_id AS workflowId, name AS workflowName, number, graph
           FROM versions WHERE organization_id = ? AND id = ?`,
        )
        .bind(organizationId, versionId)
        .first<{ workflowId: WorkflowId; workflowName: string; number: number; graph: string }>()
      return row === null
        ? undefined
        : { ...row, organizationId, versionId, graph: upgradeGraph(JSON.parse(row.graph) as unknown) }
    },

    /** What a call of a workflow leads to; undefined when the organization has no such workflow. */
    async findCalled(
      organizationId: OrganizationId,
      workflowId: string,
    ): Promise<{ versionId: VersionId | null; isActive: boolean } | undefined> {
      const row = await db
        .prepare(`SELECT published_version_id AS versionId, status FROM workflows WHERE organization_id = ? AND id = ?`)
        .bind(organizationId, workflowId)
        .first<{ versionId: VersionId | null; status: string }>()
      return row === null ? undefined : { versionId: row.versionId, isActive: row.status === 'active' }
    },

    /** Which events executions of the organization may wait for. */
    listEventWaits: (organizationId: OrganizationId) => listEventWaits(db, organizationId),

    /** How many executions of the organization go on at a time; undefined where it never said. */
    findExecutionLimit: (organizationId: OrganizationId) => findExecutionLimit(db, organizationId),

    /** How much may happen to one contact of the organization; undefined where it says nothing. */
    findContactLimits: (organizationId: OrganizationId) => findContactLimits(db, organizationId),

    /** The organization's calendars, for executions that begin. */
    readCalendars: (organizationId: OrganizationId) => readCalendarSnapshot(db, organizationId),

    /** How the organization has failed calls tried again, for executions that begin. */
    readRetryDefaults: (organizationId: OrganizationId) => readRetryDefaults(db, organizationId),

    /** The organization's variables, likewise. */
    readVariables: (organizationId: OrganizationId) => readVariables(db, organizationId),

    /** Organizations with anything active, drawn by chance so that all get their turn: the sweeper looks after them. */
    async listSomeOrganizations(limits: { listening: number; any: number }): Promise<OrganizationId[]> {
      const { results } = await db
        .prepare(
          `SELECT id FROM (
             SELECT id FROM (SELECT DISTINCT organization_id AS id FROM subscriptions) ORDER BY random() LIMIT ?1
           )
           UNION SELECT id FROM (SELECT id FROM organizations ORDER BY random() LIMIT ?2)`,
        )
        .bind(limits.listening, limits.any)
        .all<{ id: OrganizationId }>()
      return results.map(({ id }) => id)
    },
  }
}

export type RouteStore = ReturnType<typeof routeStore>
