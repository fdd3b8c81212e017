import { env } from 'cloudflare:workers'
import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import type { HookKey, OrganizationId, VersionId, WorkflowId } from '../../worker/contract/id.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { newHookKey, newId } from '../../worker/lib/id.ts'
import { createExecutionRuntime } from '../../worker/runtime/operations/execution-runtime.ts'

/** A workflow as publishing leaves it in the database. */
export interface Published {
  organizationId: OrganizationId
  workflowId: WorkflowId
  versionId: VersionId
  hookKey: HookKey
}

/** A node of a test's graph. */
export function node(id: string, type: string, params: JsonObject = {}, settings?: GraphNode['settings']): GraphNode {
  return { id, type, name: id, position: { x: 0, y: 0 }, params, ...(settings === undefined ? {} : { settings }) }
}

/** A graph whose edges are written `from:port>to`; the port is `out` where none is written. */
export function graph(nodes: GraphNode[], ...edges: string[]): Graph {
  return {
    version: 1,
    nodes,
    edges: edges.map((text) => {
      const [from = '', target = ''] = text.split('>')
      const [source = '', sourcePort = 'out'] = from.split(':')
      return { id: text, source, sourcePort, target }
    }),
  }
}

/** The edges of nodes that follow one another. */
export function inARow(nodes: readonly GraphNode[]): string[] {
  return nodes.slice(1).map(({ id }, index) => `${nodes[index]!.id}>${id}`)
}

/** Puts an active workflow into the database, with a subscription per trigger node. */
export async function publish(
  drawn: Graph,
  organizationId: OrganizationId = newId('organization'),
): Promise<Published> {
  const published = {
    organizationId,
    workflowId: newId('workflow'),
    versionId: newId('version'),
    hookKey: newHookKey(),
  }
  await env.DB.prepare(
    `INSERT INTO versions (id, organization_id, workflow_id, number, hash, note, published_by, published_at, name, graph)
     VALUES (?, ?, ?, 1, ?, '', ?, 0, 'Test', ?)`,
  )
    .bind(
      published.versionId,
      organizationId,
      published.workflowId,
      published.versionId,
      newId('user'),
      JSON.stringify(drawn),
    )
    .run()
  await subscribe(published, drawn)
  return published
}

/** Makes a workflow listen, as activating it does. */
export async function subscribe(
  { organizationId, workflowId, versionId, hookKey }: Published,
  drawn: Graph,
): Promise<void> {
  for (const { id, type, params } of drawn.nodes) {
    if (!type.startsWith('trigger.') || type === 'trigger.manual') continue
    const kind = type === 'trigger.webhook' ? 'webhook' : 'event'
    if (kind === 'webhook') {
      await env.DB.prepare(
        'INSERT OR IGNORE INTO hooks (key, organization_id, workflow_id, node_id, created_at) VALUES (?, ?, ?, ?, 0)',
      )
        .bind(hookKey, organizationId, workflowId, id)
        .run()
    }
    await env.DB.prepare(
      `INSERT INTO subscriptions
         (organization_id, kind, match, workflow_id, node_id, version_id, version_number, version_hash, workflow_name, params)
       VALUES (?, ?, ?, ?, ?, ?, 1, '', 'Test', ?)`,
    )
      .bind(
        organizationId,
        kind,
        kind === 'webhook' ? hookKey : String(params['eventType']),
        workflowId,
        id,
        versionId,
        JSON.stringify(params),
      )
      .run()
  }
  await runtime().routesChanged(organizationId)
}

/** Makes a workflow stop listening, as pausing it does. */
export async function unsubscribe({ organizationId, workflowId }: Published): Promise<void> {
  await env.DB.prepare('DELETE FROM subscriptions WHERE workflow_id = ?').bind(workflowId).run()
  await runtime().routesChanged(organizationId)
}

/** The running system, as use cases see it. */
export function runtime() {
  return createExecutionRuntime(env)
}

/**
 * Asks again until the answer is there, which neither undefined nor false is. Fails after `withinMs`, which a busy machine
 * should not reach.
 */
export async function eventually<Value>(
  ask: () => Promise<Value | undefined | false>,
  withinMs = 25_000,
): Promise<Value> {
  const until = Date.now() + withinMs
  for (;;) {
    const value = await ask()
    if (value !== undefined && value !== false) return value
    if (Date.now() > until) throw new Error(`nothing came within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A workflow that can be called: its row says that this version is live. */
export async function callable(drawn: Graph, organizationId: OrganizationId, status = 'active'): Promise<Published> {
  const published = await publish(drawn, organizationId)
  await env.DB.prepare(
    `INSERT INTO workflows (id, organization_id, name, description, status, visibility, created_by, created_at, updated_at,
       revision, trigger_types, node_count, graph_hash, published_version_id, published_number, graph)
     VALUES (?, ?, 'Child', '', ?, 'organization', ?, 0, 0, 1, '[]', 1, '', ?, 1, '{}')`,
  )
    .bind(published.workflowId, organizationId, status, newId('user'), published.versionId)
    .run()
  return published
}
