// projection
//
// A journal as people read it: the execution's status and its steps in the order they began. A second fold beside
// `evolve`, for another reader: that one keeps what is unfinished, this one keeps what has been. Pure, and imported by
// the browser, where time travel is the same fold over fewer entries.

import type { Aftermath, Execution, ExecutionStatus, Step, TriggerKind } from '../contract/execution.ts'
import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'
import type { HookResponse } from './behaviour.ts'
import type { GateRef, JournalEntry, StepPath } from './event.ts'
import { show } from './projection/show.ts'
import { iso, newView, type View } from './projection/view.ts'

/** What a journal says about its execution. Times are ISO 8601. */
export interface Projection {
  /** The journal's last entry. */
  seq: number
  status: ExecutionStatus
  generation: number
  trigger: { nodeId: string; kind: TriggerKind; data: Json } | null
  /** The step of another execution that called it. */
  parent?: { executionId: string; path: StepPath }
  /** The execution it is a fork of. */
  origin?: NonNullable<Execution['origin']>
  /** Where it went on with another version. */
  migrations?: NonNullable<Execution['migrations']>
  /** The gate at which it waits. */
  gate?: GateRef
  startedAt?: string
  finishedAt?: string
  /** From start to end, waits included. */
  durationMs?: number
  /** While it waits: the earliest instant at which a step goes on. */
  wakeAt?: string
  output: Json
  failure?: Failure
  response?: HookResponse
  /** What is done after it came to its end. */
  aftermath?: Aftermath
  steps: Step[]
}

/** The execution as it stood after turn `upTo`; as it stands, without it. Events of unknown types are passed over. */
export function project(entries: readonly JournalEntry[], upTo = Infinity): Projection {
  const view = newView()
  for (const { seq, events } of entries) {
    if (seq > upTo) break
    for (const event of events) show(view, event)
    view.seq = seq
  }
  return toProjection(view)
}

function toProjection(view: View): Projection {
  const { seq, generation, trigger, parent, origin, migrations, startedAt, finished, response, gates } = view
  const steps = [...view.steps.values()]
  const status = statusOf(view, steps)
  const dueAt = steps.flatMap((step) => (step.dueAt === undefined ? [] : [step.dueAt])).sort()[0]
  return {
    seq,
    status,
    generation,
    trigger,
    output: finished?.output ?? null,
    steps,
    ...(parent !== null && { parent: { executionId: parent.executionId, path: parent.path } }),
    ...(origin !== null && { origin }),
    ...(migrations.length > 0 && { migrations }),
    ...(status === 'queued' && gates[0] !== undefined && { gate: gates[0] }),
    ...(startedAt !== null && { startedAt: iso(startedAt) }),
    ...(finished !== null && { finishedAt: iso(finished.at) }),
    ...(finished !== null && startedAt !== null && { durationMs: finished.at - startedAt }),
    ...(status === 'waiting' && dueAt !== undefined && { wakeAt: dueAt }),
    ...(finished?.failure !== undefined && { failure: finished.failure }),
    ...(response !== null && { response }),
    ...(view.aftermath !== null && { aftermath: view.aftermath }),
  }
}

function statusOf({ finished, startedAt, gates, paused, ready, owners }: View, steps: Step[]): ExecutionStatus {
  if (finished !== null) return finished.status
  if (startedAt === null || gates.length > 0) return 'queued'
  if (paused) return 'paused'
  const isRunning = (step: Step) => step.status === 'running' && !owners.has(step.path)
  return ready > 0 || steps.some(isRunning) ? 'running' : 'waiting'
}
