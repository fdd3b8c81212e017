import type { Execution, ExecutionSummary } from '../../contract/execution.ts'
import type { Graph } from '../../contract/graph.ts'
import type { ContactId, EventId, ExecutionId, VersionId, WorkflowId } from '../../contract/id.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { fold } from '../../engine/fold.ts'
import { nodeOf } from '../../engine/path.ts'
import { project, type Projection } from '../../engine/projection.ts'
import type { StoredExecution } from '../../store/executions.ts'
import { maskInput } from './mask-input.ts'

/** What an execution is, beside its journal. */
export interface ExecutionFacts {
  executionId: ExecutionId
  workflow: { id: WorkflowId; name: string }
  version: { id: VersionId; number: number }
  eventId: EventId
  /** Epoch ms. */
  acceptedAt: number
  graph: Graph
  contactId?: ContactId
}

/** An execution as people see it, from its facts and its journal. */
export function toExecution(facts: ExecutionFacts, entries: readonly JournalEntry[]): Execution {
  const view = project(entries)
  const summary: ExecutionSummary = {
    id: facts.executionId,
    workflowId: facts.workflow.id,
    workflowName: facts.workflow.name,
    versionId: facts.version.id,
    versionNumber: facts.version.number,
    status: view.status,
    trigger: triggerOf(view),
    eventId: facts.eventId,
    generation: view.generation,
    acceptedAt: new Date(facts.acceptedAt).toISOString(),
    stepCount: view.steps.length,
    ...(facts.contactId !== undefined && { contactId: facts.contactId }),
    ...optional(view),
    ...waitsAt(view),
  }
  return { ...withSteps(summary, view, facts.graph), ...upNext(view, entries) }
}

/** An execution as D1 has it, on the graph of its version. */
export function toStoredExecution({ summary, journal }: StoredExecution, graph: Graph): Execution {
  const entries = JSON.parse(journal) as JournalEntry[]
  const view = project(entries)
  return { ...withSteps({ ...summary, ...waitsAt(view) }, view, graph), ...upNext(view, entries) }
}

function withSteps(summary: ExecutionSummary, projection: Projection, graph: Graph): Execution {
  const { trigger, parent, origin, migrations, output, steps, aftermath } = projection
  const shown = steps.map((step) => (step.input === undefined ? step : { ...step, input: maskInput(step.input) }))
  const beside = {
    ...(parent !== undefined && { parent }),
    ...(origin !== undefined && { origin }),
    ...(migrations !== undefined && { migrations }),
    ...(aftermath !== undefined && { aftermath }),
  }
  return { ...summary, ...beside, triggerData: trigger?.data ?? null, output, steps: shown, graph }
}

function triggerOf({ origin, trigger }: Projection): ExecutionSummary['trigger'] {
  if (origin === undefined) return trigger?.kind ?? 'manual'
  return origin.effects === 'pretend' ? 'pretend_fork' : 'fork'
}

/** What would begin if nobody held it. */
function upNext({ status }: Projection, entries: readonly JournalEntry[]): Pick<Execution, 'next'> {
  if (status !== 'paused') return {}
  return { next: fold(entries).ready.map(({ path }) => ({ path, nodeId: nodeOf(path) })) }
}

/** The gate at which it waits: how it stands there is the gate's to say. */
function waitsAt({ gate: ref }: Projection): Pick<ExecutionSummary, 'queue'> {
  return ref === undefined ? {} : { queue: { gate: ref.gate, ...(ref.key !== null && { key: ref.key }) } }
}

function optional(view: Projection): Partial<ExecutionSummary> {
  const { finishedAt, durationMs, wakeAt, failure } = view
  return {
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(wakeAt === undefined ? {} : { wakeAt }),
    ...(failure === undefined ? {} : { failure }),
  }
}
