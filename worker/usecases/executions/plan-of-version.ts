import { snapshotOf } from '../../calendar/snapshot.ts'
import type { Version } from '../../contract/workflow.ts'
import { compilePlan } from '../../engine/compile-plan.ts'
import type { Plan } from '../../engine/plan.ts'
import { compiledNode } from '../../nodes/compiled-node.ts'
import { readsCalendars } from '../../nodes/reads-calendars.ts'
import type { Context } from '../context.ts'

/** The plan of a version, with the calendars as they are now. */
export async function planOfVersion(
  { calendars }: Pick<Context, 'calendars'>,
  { workflowId, number, graph }: Version,
  name: string,
): Promise<Plan> {
  const surroundings = readsCalendars(graph) ? { calendars: snapshotOf(await calendars.list()) } : undefined
  const workflow = { id: workflowId, name, version: number }
  return compilePlan({ graph, workflow, compileNode: (node) => compiledNode(node, surroundings) })
}
