import type { Graph } from '../contract/graph.ts'
import type { OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'
import { compilePlan } from '../engine/compile-plan.ts'
import type { Plan } from '../engine/plan.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { compiledNode } from '../nodes/compiled-node.ts'
import type { RouteStore } from '../store/routes.ts'

/** A version with its plan, ready to execute. */
export interface ReadyVersion {
  organizationId: OrganizationId
  workflow: { id: WorkflowId; name: string }
  version: { id: VersionId; number: number }
  graph: Graph
  plan: Plan
}

/** Versions are immutable, so a compiled one is good for as long as the isolate lives. */
const maxPlans = 500

export type Plans = ReturnType<typeof createPlans>

/** Compiled versions, each compiled once per isolate. */
export function createPlans(store: RouteStore) {
  const ready = new BoundedMap<VersionId, ReadyVersion>(maxPlans)

  function compile(version: Omit<ReadyVersion, 'plan'>): ReadyVersion {
    const known = ready.get(version.version.id)
    if (known !== undefined && known.organizationId === version.organizationId) return known
    const plan = compilePlan({
      graph: version.graph,
      workflow: { id: version.workflow.id, name: version.workflow.name, version: version.version.number },
      compileNode: compiledNode,
    })
    const compiled = { ...version, plan }
    ready.set(version.version.id, compiled)
    return compiled
  }

  return {
    /** From a graph at hand: an execution's object keeps its own, and needs no database to go on. */
    compile,

    /** By id, from the database at first. Undefined when the organization has no such version. */
    async find(organizationId: OrganizationId, versionId: VersionId): Promise<ReadyVersion | undefined> {
      const known = ready.get(versionId)
      if (known !== undefined) return known.organizationId === organizationId ? known : undefined
      const stored = await store.findVersion(organizationId, versionId)
      if (stored === undefined) return undefined
      return compile({
        organizationId,
        workflow: { id: stored.workflowId, name: stored.workflowName },
        version: { id: versionId, number: stored.number },
        graph: stored.graph,
      })
    },
  }
}
