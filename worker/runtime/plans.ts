import type { CalendarSnapshot } from '../contract/calendar.ts'
import type { Graph } from '../contract/graph.ts'
import type { OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'
import { compilePlan, mostSteps } from '../engine/compile-plan.ts'
import type { Plan } from '../engine/plan.ts'
import { rulesOf, type EnrolmentRules } from '../enrolment/rules.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { shortHash } from '../lib/digest.ts'
import { ShortMemory } from '../lib/short-memory.ts'
import { actsOnOthers } from '../nodes/acts-on-others.ts'
import { compiledNode } from '../nodes/compiled-node.ts'
import { calendarsFor, readsCalendars } from '../nodes/reads-calendars.ts'
import type { RouteStore } from '../store/routes.ts'

/** A version with its plan, ready to execute. */
export interface ReadyVersion {
  organizationId: OrganizationId
  workflow: { id: WorkflowId; name: string }
  version: { id: VersionId; number: number }
  graph: Graph
  /** The calendars that its waits go by, where it has any: they are part of its plan, and of the executions it begins. */
  calendars?: CalendarSnapshot
  plan: Plan
  /** What it says about who may enter, where it says anything. */
  rules?: EnrolmentRules
  /** Its executions do something that others notice. */
  acts?: boolean
}

/** Versions are immutable, so a compiled one is good for as long as the isolate lives. */
const maxPlans = 500

/** How long calendars are taken for what they were, in ms: a change is felt by executions that begin after it. */
const calendarsForMs = 5_000

export type Plans = ReturnType<typeof createPlans>

/** Compiled versions, each compiled once per isolate, and once more where the calendars of its waits have changed. */
export function createPlans(store: Pick<RouteStore, 'findVersion' | 'readCalendars'>, now: () => number = Date.now) {
  const ready = new BoundedMap<string, ReadyVersion>(maxPlans)
  const calendars = new ShortMemory<CalendarSnapshot>(calendarsForMs, now)

  function compile(version: Omit<ReadyVersion, 'plan' | 'rules' | 'acts'>): ReadyVersion {
    const { id } = version.version
    const name = version.calendars === undefined ? id : `${id} ${shortHash(JSON.stringify(version.calendars))}`
    const known = ready.get(name)
    if (known !== undefined && known.organizationId === version.organizationId) return known
    const surroundings = version.calendars === undefined ? undefined : { calendars: version.calendars }
    const plan = compilePlan({
      graph: version.graph,
      workflow: { id: version.workflow.id, name: version.workflow.name, version: version.version.number },
      compileNode: (node) => compiledNode(node, surroundings),
      maxSteps: mostSteps,
    })
    const rules = rulesOf(version.graph)
    const compiled = { ...version, plan, acts: actsOnOthers(version.graph), ...(rules !== undefined && { rules }) }
    ready.set(name, compiled)
    return compiled
  }

  async function findAny(organizationId: OrganizationId, versionId: VersionId): Promise<ReadyVersion | undefined> {
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
  }

  async function calendarsOf(organizationId: OrganizationId): Promise<CalendarSnapshot> {
    const known = calendars.get(organizationId)
    if (known !== undefined) return known
    const read = await store.readCalendars(organizationId)
    calendars.set(organizationId, read)
    return read
  }

  return {
    /** From a graph at hand: an execution's object keeps its own, and needs no database to go on. */
    compile,

    /** By id, from the database at first. Undefined when the organization has no such version. */
    async find(organizationId: OrganizationId, versionId: VersionId): Promise<ReadyVersion | undefined> {
      const version = await findAny(organizationId, versionId)
      if (version === undefined || !readsCalendars(version.graph)) return version
      return compile({ ...version, calendars: calendarsFor(version.graph, await calendarsOf(organizationId)) })
    },
  }
}
