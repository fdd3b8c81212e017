import type { CalendarSnapshot } from '../contract/calendar.ts'
import type { Graph, RetryPolicy } from '../contract/graph.ts'
import type { JsonObject } from '../contract/json.ts'
import type { OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'
import { compilePlan } from '../engine/compile-plan.ts'
import { endsAtOnce } from '../engine/ends-at-once.ts'
import type { Plan } from '../engine/plan.ts'
import { gatesOf, type Gates } from '../concurrency/gates-of.ts'
import { rulesOf, type EnrolmentRules } from '../enrolment/rules.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { SharedRead } from '../lib/shared-read.ts'
import { ShortMemory } from '../lib/short-memory.ts'
import { actsOnOthers } from '../nodes/acts-on-others.ts'
import { asksPeople } from '../nodes/asks-people.ts'
import { compiledNode } from '../nodes/compiled-node.ts'
import { organizationReads, variablesFor } from '../nodes/organization-reads.ts'
import { calendarsFor, readsCalendars } from '../nodes/reads-calendars.ts'
import { makesCalls, withRetryDefaults } from '../nodes/retry-defaults.ts'
import type { RouteStore } from '../store/routes.ts'

/** A version with its plan, ready to execute. */
export interface ReadyVersion {
  organizationId: OrganizationId
  workflow: { id: WorkflowId; name: string }
  version: { id: VersionId; number: number }
  /** With what the organization says about retries, where it says anything: executions keep the one they began with. */
  graph: Graph
  /** The calendars that its waits go by, where it has any: they are part of its plan, and of the executions it begins. */
  calendars?: CalendarSnapshot
  /** The organization's variables that it reads, where it reads any: kept by the executions that it begins. */
  organizationVars?: JsonObject
  plan: Plan
  /** What it says about who may enter, where it says anything. */
  rules?: EnrolmentRules
  /** Its executions do something that others notice. */
  acts?: boolean
  /** Its executions ask people. */
  asks?: boolean
  /** What its executions have to pass before they begin, where it has any of that. */
  gates?: Gates
  /** Its executions are over in their first turn, and nothing that may change is read for them. */
  isInstant?: boolean
}

/** What is found out when a version is compiled. */
type Compiled = 'plan' | 'rules' | 'acts' | 'asks' | 'gates' | 'isInstant'

/** Versions are immutable, so a compiled one is good for as long as the isolate lives. */
const maxPlans = 500

/** How long calendars and variables are taken for what they were, in ms: executions that begin after it feel a change. */
const knownForMs = 5_000

export type Plans = ReturnType<typeof createPlans>

/**
 * Compiled versions, each compiled once per isolate, and once more where the calendars of its waits, or how the
 * organization has calls tried again, have changed.
 */
export function createPlans(
  store: Pick<RouteStore, 'findVersion' | 'readCalendars' | 'readRetryDefaults' | 'readVariables'>,
  now: () => number = Date.now,
) {
  const ready = new BoundedMap<string, ReadyVersion>(maxPlans)
  const calendars = new ShortMemory<CalendarSnapshot>(knownForMs, now)
  const retries = new ShortMemory<{ retry: RetryPolicy | null }>(knownForMs, now)
  const lastRetries = new BoundedMap<OrganizationId, RetryPolicy | null>(maxPlans)
  const variables = new ShortMemory<JsonObject>(knownForMs, now)
  const versions = new SharedRead<ReadyVersion | undefined>()
  const calendarReads = new SharedRead<CalendarSnapshot>()
  const retryReads = new SharedRead<RetryPolicy | null>()
  const variableReads = new SharedRead<JsonObject>()

  function compile(version: Omit<ReadyVersion, Compiled>): ReadyVersion {
    const { organizationId, calendars: at } = version
    const { id } = version.version
    const { retry } = version.graph.settings ?? {}
    const plain = ready.get(id)
    const isPlain = at === undefined && plain?.organizationId === organizationId
    if (isPlain && isSame(plain.graph.settings?.retry, retry)) return plain
    const name = `${id} ${JSON.stringify([at, retry])}`
    const known = ready.get(name)
    if (known !== undefined && known.organizationId === organizationId) return known
    const compiled = compileAs(version)
    ready.set(name, compiled)
    return compiled
  }

  function compileAs(version: Omit<ReadyVersion, Compiled>): ReadyVersion {
    const surroundings = version.calendars === undefined ? undefined : { calendars: version.calendars }
    const plan = compilePlan({
      graph: version.graph,
      workflow: { id: version.workflow.id, name: version.workflow.name, version: version.version.number },
      compileNode: (node) => compiledNode(node, surroundings),
    })
    const rules = rulesOf(version.graph)
    const gates = gatesOf(version.graph)
    const isInstant =
      endsAtOnce(plan) && rules === undefined && gates === undefined && organizationReads(version.graph) === null
    const compiled = { ...version, plan, acts: actsOnOthers(version.graph), asks: asksPeople(version.graph), isInstant }
    return { ...compiled, ...(rules !== undefined && { rules }), ...(gates !== undefined && { gates }) }
  }

  async function findAny(organizationId: OrganizationId, versionId: VersionId): Promise<ReadyVersion | undefined> {
    const known = ready.get(versionId)
    if (known !== undefined) return known.organizationId === organizationId ? known : undefined
    return versions.get(`${organizationId} ${versionId}`, () => readVersion(organizationId, versionId))
  }

  async function readVersion(organizationId: OrganizationId, versionId: VersionId): Promise<ReadyVersion | undefined> {
    const stored = await store.findVersion(organizationId, versionId)
    if (stored === undefined) return undefined
    const compiled = compileAs({
      organizationId,
      workflow: { id: stored.workflowId, name: stored.workflowName },
      version: { id: versionId, number: stored.number },
      graph: stored.graph,
    })
    ready.set(versionId, compiled)
    return compiled
  }

  async function calendarsOf(organizationId: OrganizationId): Promise<CalendarSnapshot> {
    const known = calendars.get(organizationId)
    if (known !== undefined) return known
    const read = await calendarReads.get(organizationId, () => store.readCalendars(organizationId))
    calendars.set(organizationId, read)
    return read
  }

  /** When it cannot be read it is taken for what it was last: a database that is away does not keep anything from beginning. */
  async function retryOf(organizationId: OrganizationId): Promise<RetryPolicy | null> {
    const known = retries.get(organizationId)
    if (known !== undefined) return known.retry
    let retry: RetryPolicy | null
    try {
      retry = await retryReads.get(organizationId, () => store.readRetryDefaults(organizationId))
    } catch (error) {
      const last = lastRetries.get(organizationId)
      if (last === undefined) throw error
      retry = last
    }
    lastRetries.set(organizationId, retry)
    retries.set(organizationId, { retry })
    return retry
  }

  async function variablesOf(organizationId: OrganizationId): Promise<JsonObject> {
    const known = variables.get(organizationId)
    if (known !== undefined) return known
    const read = await variableReads.get(organizationId, () => store.readVariables(organizationId))
    variables.set(organizationId, read)
    return read
  }

  async function planFor(organizationId: OrganizationId, version: ReadyVersion): Promise<ReadyVersion> {
    const graph = makesCalls(version.graph)
      ? withRetryDefaults(version.graph, await retryOf(organizationId))
      : version.graph
    if (readsCalendars(graph)) {
      return compile({ ...version, graph, calendars: calendarsFor(graph, await calendarsOf(organizationId)) })
    }
    return graph === version.graph ? version : compile({ ...version, graph })
  }

  return {
    /** From a graph at hand: an execution's object keeps its own, and needs no database to go on. */
    compile,

    /** By id, from the database at first. Undefined when the organization has no such version. */
    async find(organizationId: OrganizationId, versionId: VersionId): Promise<ReadyVersion | undefined> {
      const version = await findAny(organizationId, versionId)
      // Nothing of its organization goes into one that is over at once.
      if (version === undefined || version.isInstant === true) return version
      const planned = await planFor(organizationId, version)
      if (organizationReads(version.graph) === null) return planned
      return { ...planned, organizationVars: variablesFor(version.graph, await variablesOf(organizationId)) }
    },

    /** One whose executions are over in their first turn. Undefined for any other, and where it cannot be read now. */
    async findInstant(organizationId: OrganizationId, versionId: VersionId): Promise<ReadyVersion | undefined> {
      const version = await findAny(organizationId, versionId).catch(() => undefined)
      return version?.isInstant === true ? version : undefined
    },
  }
}

function isSame(one: RetryPolicy | undefined, other: RetryPolicy | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
