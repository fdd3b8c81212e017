// projection
//
// A journal as people read it: the execution's status and its steps in the order they began. A second fold beside
// `evolve`, for another reader: that one keeps what is unfinished, this one keeps what has been. Pure, and imported by
// the browser, where time travel is the same fold over fewer entries.

import type { Aftermath, Execution, ExecutionStatus, Step, TriggerKind } from '../contract/execution.ts'
import type { ExecutionEdits } from '../contract/fork.ts'
import type { Failure } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'
import { handlerNode, type AftermathEvent } from './aftermath/aftermath.ts'
import type { HookResponse } from './behaviour.ts'
import { withResults } from './collected.ts'
import { editedNames } from './fork/edits.ts'
import type { ExecutionEvent, FinalStatus, GateRef, JournalEntry, ParentLink, StepPath } from './event.ts'
import { totalOf } from './loop-range.ts'
import { nodeOf } from './path.ts'

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
  const view: View = {
    seq: 0,
    generation: 1,
    trigger: null,
    parent: null,
    origin: null,
    migrations: [],
    startedAt: null,
    finished: null,
    response: null,
    lastOutput: null,
    paused: false,
    gates: [],
    ready: 0,
    steps: new Map(),
    owners: new Set(),
    results: new Map(),
    aftermath: null,
    part: {},
    deferrals: new Map(),
  }
  for (const { seq, events } of entries) {
    if (seq > upTo) break
    for (const event of events) show(view, event)
    view.seq = seq
  }
  return toProjection(view)
}

interface View {
  seq: number
  generation: number
  trigger: Projection['trigger']
  parent: ParentLink | null
  origin: NonNullable<Execution['origin']> | null
  migrations: NonNullable<Execution['migrations']>
  startedAt: number | null
  finished: { at: number; status: FinalStatus; output: Json; failure?: Failure } | null
  response: HookResponse | null
  lastOutput: Json
  paused: boolean
  gates: readonly GateRef[]
  /** Steps that are called for and have not begun. */
  ready: number
  steps: Map<StepPath, Step>
  /** Steps in which others go on: they run as far as those do. */
  owners: Set<StepPath>
  /** What the iterations of a loop gave, by loop and iteration. */
  results: Map<StepPath, Record<number, Json>>
  aftermath: Aftermath | null
  /** What the steps that begin now are part of. */
  part: Pick<Step, 'undoes' | 'inHandler'>
  /** How many attempts of each step were held back: they are not counted where people read. */
  deferrals: Map<StepPath, number>
}

function show(view: View, event: ExecutionEvent): void {
  switch (event.type) {
    case 'started':
      view.trigger = event.trigger
      view.parent = event.parent ?? null
      view.startedAt = event.at
      view.ready = 1
      view.gates = event.gates ?? []
      return
    case 'gatePassed':
      view.gates = view.gates.filter(({ gate }) => gate !== event.gate)
      if (view.generation === 1) view.startedAt = event.at
      return
    case 'attemptStarted': {
      const step = begin(view, event)
      step.status = 'running'
      step.attempt = madeOf(view, event)
      step.generation = view.generation
      if (event.input !== undefined) step.input = event.input
      return
    }
    case 'resultSought': {
      const step = begin(view, event)
      step.status = 'waiting'
      step.input = event.input
      return
    }
    case 'resultMissed':
      return
    case 'attemptFailed':
      fail(view, event, event.failure)
      return
    case 'attemptLost':
      fail(view, event, {
        kind: 'unknown',
        code: 'attempt.lost',
        message: 'The process died in mid-call; what it called may have happened.',
      })
      return
    case 'retryScheduled': {
      const step = view.steps.get(event.path)
      if (step === undefined) return
      step.status = 'retrying'
      step.dueAt = iso(event.dueAt)
      return
    }
    case 'attemptDeferred': {
      const step = view.steps.get(event.path)
      view.deferrals.set(event.path, (view.deferrals.get(event.path) ?? 0) + 1)
      if (step === undefined) return
      step.status = 'waiting'
      step.dueAt = iso(event.dueAt)
      step.deferred = event.reason
      return
    }
    case 'attemptReleased': {
      const step = view.steps.get(event.path)
      if (step !== undefined) step.dueAt = iso(event.at)
      return
    }
    case 'waitStarted': {
      const step = begin(view, event)
      step.status = 'waiting'
      step.dueAt = iso(event.dueAt)
      if (event.topic !== undefined) step.waitsFor = event.topic.match
      return
    }
    case 'childCalled': {
      const { child, timeoutMs } = event
      const step = begin(view, event)
      step.status = 'waiting'
      step.input = child.input
      step.child = { workflowId: child.workflowId }
      if (timeoutMs !== undefined) step.dueAt = iso(event.at + timeoutMs)
      showHandlerChild(view, step)
      return
    }
    case 'childStarted':
    case 'childEnded': {
      const step = view.steps.get(event.path)
      if (step?.child !== undefined && event.executionId !== null) step.child.executionId = event.executionId
      showHandlerChild(view, step)
      return
    }
    case 'contactRead':
    case 'contactAwaited':
    case 'childReleased':
      return
    case 'waitChecked':
    case 'approvalNudged':
    case 'approvalVoted':
      return
    case 'branchesStarted': {
      const step = begin(view, event)
      step.progress = { done: 0, total: event.branches.length }
      view.owners.add(event.path)
      for (const { next } of event.branches) view.ready += next.length
      return
    }
    case 'branchEnded':
      advance(view, event.path)
      return
    case 'loopStarted': {
      const step = begin(view, event)
      const total = totalOf(event.range)
      step.progress = { done: 0, ...(total !== null && { total }) }
      view.owners.add(event.path)
      view.results.set(event.path, {})
      return
    }
    case 'iterationStarted':
      view.ready += event.next.length
      return
    case 'iterationSkipped':
      advance(view, event.path)
      return
    case 'iterationEnded': {
      advance(view, event.path)
      const results = view.results.get(event.path)
      const { output = view.steps.get(event.of ?? '')?.output ?? null } = event
      if (results !== undefined && event.keep !== false && event.failure === undefined) results[event.index] = output
      return
    }
    case 'tokensDropped':
      view.ready -= event.paths.length
      return
    case 'branchArrived':
      // One step, however many branches it joins.
      if (event.into === event.path) begin(view, event).status = 'waiting'
      else view.ready -= 1
      return
    case 'stepCompleted': {
      const step = end(view, event, event.skipped === true ? 'skipped' : 'completed')
      view.lastOutput = outputOf(view, event)
      step.output = view.lastOutput
      step.port = event.port
      if (event.because !== undefined) step.because = event.because
      if (event.cachedAt !== undefined) step.cachedAt = iso(event.cachedAt)
      if (event.kept === true) step.inherited = true
      if (event.response !== undefined) view.response ??= event.response
      view.ready += event.next.length
      return
    }
    case 'stepFailed': {
      const step = end(view, event, 'failed')
      step.failure = event.failure
      step.handled = event.handled !== 'stop'
      dropLast(step, event.failure)
      if (event.output !== undefined) step.output = event.output
      view.ready += event.next.length
      return
    }
    case 'stepCancelled': {
      const step = end(view, event, 'cancelled')
      step.failure = event.failure
      return
    }
    case 'paused':
      view.paused = true
      return
    case 'resumed':
      view.paused = false
      return
    case 'retryRequested': {
      const step = view.steps.get(event.path)
      if (step === undefined) return
      step.status = 'retrying'
      step.dueAt = iso(event.at)
      delete step.deferred
      return
    }
    case 'cancelRequested':
      return
    case 'redirected':
      view.ready = 1
      return
    case 'aftermathStarted':
    case 'undoStarted':
    case 'undoEnded':
    case 'handlerStarted':
    case 'handlerEnded':
      showAftermath(view, event)
      return
    case 'finished': {
      const { at, status, output = view.lastOutput, failure } = event
      view.paused = false
      view.finished = { at, status, output, ...(failure !== undefined && { failure }) }
      return
    }
    case 'redriven':
      view.generation = event.generation
      view.finished = null
      view.aftermath = null
      view.ready = event.next.length
      view.gates = event.gates ?? []
      for (const path of event.reopened ?? []) reopen(view, path)
      edit(view, event.edits)
      return
    case 'forked':
      fork(view, event)
      return
    case 'migrated': {
      const { at, by, from, to } = event
      view.migrations.push({ at: iso(at), by, fromNumber: from.number, toNumber: to.number })
      return
    }
    default:
      // Not `unreachable`: journals of other releases must still be readable.
      event satisfies never
  }
}

/** What is undone, and what the error handler does. Its steps are shown like any other, and say what they are part of. */
function showAftermath(view: View, event: AftermathEvent): void {
  if (event.type === 'aftermathStarted') {
    const { status } = event
    if (status !== 'failed' && status !== 'timed_out' && status !== 'cancelled') return
    view.aftermath = { status, rollback: [] }
    view.lastOutput = event.output ?? view.lastOutput
    if (status === 'cancelled') view.paused = false
    view.ready = 0
    return
  }
  if (view.aftermath === null) return
  const { rollback, handler } = view.aftermath
  switch (event.type) {
    case 'undoStarted':
      view.part = { undoes: event.path }
      view.ready = event.next.length
      rollback.push({ path: event.path, nodeId: event.node, status: 'running' })
      return
    case 'undoEnded': {
      const { path, node, failure } = event
      view.part = {}
      const last = rollback.at(-1)
      if (last?.status === 'running') rollback.pop()
      rollback.push({
        path,
        nodeId: node,
        ...(failure === undefined ? { status: 'undone' } : { status: 'failed', failure }),
      })
      const step = view.steps.get(path)
      if (step !== undefined && failure === undefined) step.undone = true
      return
    }
    case 'handlerStarted':
      view.part = { inHandler: true }
      view.ready = event.next.length
      view.aftermath.handler = { nodeId: event.node, status: 'running', startedAt: iso(event.at) }
      return
    case 'handlerEnded':
      view.part = {}
      if (handler === undefined) return
      handler.finishedAt = iso(event.at)
      handler.status = event.failure === undefined ? 'completed' : 'failed'
      if (event.failure === undefined) handler.output = view.lastOutput
      else handler.failure = event.failure
      return
    default:
      // Not `unreachable`: journals of other releases must still be readable.
      event satisfies never
  }
}

/** Where the handler is another workflow, which one. */
function showHandlerChild({ aftermath }: View, step: Step | undefined): void {
  if (aftermath?.handler === undefined || step?.nodeId !== handlerNode || step.child === undefined) return
  aftermath.handler.child = { ...step.child }
}

/** What has ended is the origin's; what was under way is called for again, and for the rest it is as with a redrive. */
function fork(view: View, event: ExecutionEvent & { type: 'forked' }): void {
  const { at, by, from, generation, next, reopened = [], pretend = false, edits } = event
  view.origin = {
    ...from,
    effects: pretend ? 'pretend' : 'real',
    by,
    at: iso(at),
    edited: edits === undefined ? [] : editedNames(edits),
  }
  view.parent = null
  view.aftermath = null
  view.generation = generation
  view.gates = event.gates ?? []
  view.startedAt = at
  view.finished = null
  view.paused = false
  view.ready += next.length
  for (const step of view.steps.values()) if (step.finishedAt !== undefined) step.inherited = true
  for (const path of next) {
    const step = view.steps.get(path)
    if (step === undefined) continue
    if (step.finishedAt === undefined) view.steps.delete(path)
    else delete step.inherited
  }
  for (const path of reopened) reopen(view, path)
  edit(view, edits)
}

/** What steps gave is shown as those read it that came later. */
function edit(view: View, edits: ExecutionEdits | undefined): void {
  if (edits === undefined) return
  const { trigger, outputs = {} } = edits
  if (trigger !== undefined && view.trigger !== null) {
    view.trigger = { ...view.trigger, data: trigger }
    editOutput(view.steps.get(view.trigger.nodeId), trigger)
  }
  for (const path in outputs) editOutput(view.steps.get(path), outputs[path]!)
}

function editOutput(step: Step | undefined, output: Json): void {
  if (step === undefined || step.finishedAt === undefined) return
  step.output = output
  step.edited = true
}

/** The step at a path, begun now unless it is open already. A redriven step begins again and keeps its failures. */
function begin(view: View, { path, at }: { path: StepPath; at: number }): Step {
  const known = view.steps.get(path)
  if (known !== undefined && known.finishedAt === undefined) {
    delete known.dueAt
    delete known.waitsFor
    delete known.deferred
    return known
  }
  const step: Step = { path, nodeId: nodeOf(path), status: 'running', attempt: 1, startedAt: iso(at), ...view.part }
  const failures = known === undefined ? [] : failuresOf(known)
  if (failures.length > 0) step.failures = failures
  view.steps.delete(path)
  view.steps.set(path, step)
  view.ready -= 1
  return step
}

/** The number of an attempt among those that were made. */
function madeOf({ deferrals }: View, { path, attempt }: { path: StepPath; attempt: number }): number {
  return attempt - (deferrals.get(path) ?? 0)
}

function outputOf(view: View, { path, output, collected }: ExecutionEvent & { type: 'stepCompleted' }): Json {
  if (output === undefined) return view.trigger?.data ?? null
  if (collected === undefined) return output
  return withResults(output, collected, Object.values(view.results.get(path) ?? {}))
}

/** One more of what goes on in a step has ended. */
function advance({ steps }: View, path: StepPath): void {
  const step = steps.get(path)
  if (step?.progress !== undefined) step.progress = { ...step.progress, done: step.progress.done + 1 }
}

/** A redrive takes a step up as it stood. */
function reopen(view: View, path: StepPath): void {
  const step = view.steps.get(path)
  if (step === undefined) return
  delete step.finishedAt
  delete step.failure
  delete step.handled
  delete step.inherited
  step.status = view.owners.has(path) ? 'running' : 'waiting'
}

/** All that failed in a step which a redrive begins again, the last attempt included. */
function failuresOf({ failures = [], failure, attempt, status, finishedAt }: Step): NonNullable<Step['failures']> {
  const wasTried = failure !== undefined && (status === 'failed' || failure.kind === 'unknown')
  return wasTried ? [...failures, { attempt, at: finishedAt!, failure }] : failures
}

function fail(view: View, event: { path: StepPath; at: number; attempt: number }, failure: Failure): void {
  const step = view.steps.get(event.path)
  if (step === undefined) return
  step.failures = [...(step.failures ?? []), { attempt: madeOf(view, event), at: iso(event.at), failure }]
}

/** `failures` lists earlier attempts: the one that the step failed with is its `failure`. */
function dropLast(step: Step, { code, message }: Failure): void {
  const last = step.failures?.at(-1)
  if (last?.attempt !== step.attempt || last.failure.code !== code || last.failure.message !== message) return
  const earlier = step.failures!.slice(0, -1)
  if (earlier.length > 0) step.failures = earlier
  else delete step.failures
}

function end(view: View, event: { path: StepPath; at: number }, status: Step['status']): Step {
  const step = begin(view, event)
  step.status = status
  step.finishedAt = iso(event.at)
  return step
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

function iso(at: number): string {
  return new Date(at).toISOString()
}
