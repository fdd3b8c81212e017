import { snapshotOf } from '../../calendar/snapshot.ts'
import type { Graph } from '../../contract/graph.ts'
import type { VersionId, WorkflowId } from '../../contract/id.ts'
import type { JsonObject } from '../../contract/json.ts'
import { compilePlan } from '../../engine/compile-plan.ts'
import type { Plan } from '../../engine/plan.ts'
import { appError } from '../../lib/app-error.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { compiledNode } from '../../nodes/compiled-node.ts'
import { organizationReads, variablesFor } from '../../nodes/organization-reads.ts'
import { readsCalendars } from '../../nodes/reads-calendars.ts'
import { makesCalls, withRetryDefaults } from '../../nodes/retry-defaults.ts'
import type { StoredWorkflow } from '../../store/workflows.ts'
import type { Context } from '../context.ts'
import { toDraft } from '../workflows/draft.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'

/** What a test or a simulation goes through, whichever graph it is: nothing about it is stored. */
export interface ChosenGraph {
  stored: StoredWorkflow
  graph: Graph
  /** 0 for what is no published version. */
  versionNumber: number
  plan: Plan
  /** Of the organization, as they are now: those that it reads. */
  organizationVars?: JsonObject
}

/**
 * The draft, a published version, or the graph that is given, with its plan. Throws `workflow.not_found`,
 * `workflow.archived`, `version.not_found`, and `request.invalid` for a graph that is too large.
 */
export async function chooseGraph(
  {
    workflows,
    versions,
    calendars,
    defaults,
    variables,
  }: Pick<Context, 'workflows' | 'versions' | 'calendars' | 'defaults' | 'variables'>,
  id: WorkflowId,
  { version: versionId, graph: given }: { version?: VersionId | undefined; graph?: Graph | undefined },
): Promise<ChosenGraph> {
  const stored = await requireWorkflow(workflows, id)
  if (stored.summary.status === 'archived') throw appError('workflow.archived')
  const version = versionId === undefined ? undefined : await versions.find(id, versionId)
  if (versionId !== undefined && version === undefined) throw appError('version.not_found')
  if (given !== undefined) await toDraft(given)

  const graph = version?.graph ?? given ?? stored.graph
  const versionNumber = version?.number ?? 0
  const workflow = { id, name: stored.summary.name, version: versionNumber }
  const surroundings = readsCalendars(graph) ? { calendars: snapshotOf(await calendars.list()) } : undefined
  const asRetried = makesCalls(graph) ? withRetryDefaults(graph, (await defaults.find()).retry) : graph
  const plan = compilePlan({
    graph: asRetried,
    workflow,
    compileNode: (node) => compiledNode(node, surroundings),
  })
  const whole = { stored, graph, versionNumber, plan }
  if (organizationReads(graph) === null) return whole
  const values = Object.fromEntries((await variables.list()).map(({ name, value }) => [name, value]))
  return { ...whole, organizationVars: variablesFor(graph, values) }
}

/** Throws `request.invalid` when a request names nodes that the graph does not have. `names` are by their path. */
export function requireNodes(graph: Graph, names: Readonly<Record<string, string>>): void {
  const known = new Set(graph.nodes.map(({ id }) => id))
  const problems = Object.entries(names)
    .filter(([, name]) => !known.has(name))
    .map(([path]) => ({ path, message: 'is no step of this workflow' }))
  if (problems.length > 0) throw invalidRequest(problems)
}
