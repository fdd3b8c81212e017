import { unreachable } from '../lib/unreachable.ts'
import { letThrough, refuse } from './answer-gate.ts'
import type { Outcome } from './behaviour.ts'
import { receiveControl } from './control/receive-control.ts'
import type { ExecutionEvent, StepPath } from './event.ts'
import { finish } from './finish.ts'
import { assume } from './fork/assume.ts'
import type { Input } from './input.ts'
import { isAtRest } from './migrate/misfits.ts'
import { isEmpty, type Calling } from './state.ts'
import { takeVote } from './steps/approval.ts'
import { childHasEnded, childIsThere } from './steps/child.ts'
import { deferCall, releaseCalls } from './steps/call.ts'
import { completeStep, failMissing } from './steps/close.ts'
import { hear } from './steps/listen.ts'
import { takeRecalled } from './steps/recall.ts'
import { redirect } from './steps/redirect.ts'
import { record, type Turn } from './turn.ts'

/** Writes down what the shell reports. What is late, doubled or not possible any more changes nothing. */
export function receive(turn: Turn, input: Input): void {
  const { state, plan, at } = turn
  switch (input.type) {
    case 'start':
      if (state.startedAt !== null || state.finished !== null) return
      start(turn, input)
      return
    case 'passGate':
      letThrough(turn, input.gate)
      return
    case 'refuse':
      refuse(turn, input.failure)
      return
    case 'succeeded': {
      const step = currentCall(turn, input)
      if (step === undefined) return
      const node = plan.nodes.get(step.node)
      if (node === undefined) failMissing(turn, input.path, step.node)
      else completeStep(turn, node, input.path, keepsResult(step, input.outcome))
      return
    }
    case 'failed':
      if (currentCall(turn, input) === undefined) return
      record(turn, { type: 'attemptFailed', at, path: input.path, attempt: input.attempt, failure: input.failure })
      return
    case 'deferred': {
      const step = currentCall(turn, input)
      const node = plan.nodes.get(step?.node ?? '')
      if (step !== undefined && node !== undefined) deferCall(turn, step, node, input)
      return
    }
    case 'released':
      releaseCalls(turn, input.holder)
      return
    case 'lost':
      if (currentCall(turn, input) === undefined) return
      record(turn, { type: 'attemptLost', at, path: input.path, attempt: input.attempt })
      return
    case 'recalled':
      takeRecalled(turn, input.path, input.key, input.found)
      return
    case 'childStarted':
      childIsThere(turn, input.key, input.executionId)
      return
    case 'childEnded':
      childHasEnded(turn, input.key, input.end)
      return
    case 'childReleased':
      if (state.abandoned[input.key] !== undefined) record(turn, { type: 'childReleased', at, key: input.key })
      return
    case 'heard':
      hear(turn, input.path, input.event)
      return
    case 'voted':
      takeVote(turn, input.path, input.vote, input.involved)
      return
    case 'recover':
      for (const path in state.open) {
        const step = state.open[path]!
        if (step.status === 'running') record(turn, { type: 'attemptLost', at, path, attempt: step.attempt })
      }
      return
    case 'cancel':
      if (state.finished !== null || state.cancelling !== null) return
      // It is being undone because of that already.
      if (state.aftermath?.verdict.status === 'cancelled') return
      record(turn, { type: 'cancelRequested', at, by: input.by, reason: input.reason })
      return
    case 'redirect':
      redirect(turn, input)
      return
    case 'pause':
    case 'resume':
    case 'skipStep':
    case 'retryStep':
    case 'jump':
      receiveControl(turn, input)
      return
    case 'redrive':
      if (canRedrive(state)) redrive(turn, input)
      return
    case 'migrate':
      if (isAtRest(state)) migrate(turn, input)
      return
    case 'assumed':
      assume(turn, input.path, input.outcome)
      return
    case 'wake':
      return
    default:
      return unreachable(input)
  }
}

function start(
  turn: Turn,
  { trigger, organizationVars = {}, parent, gates, refusal, cause, sender }: Input & { type: 'start' },
): void {
  const { plan, at } = turn
  const started: ExecutionEvent & { type: 'started' } = { type: 'started', at, trigger, vars: plan.variables }
  if (!isEmpty(organizationVars)) started.organizationVars = organizationVars
  if (parent !== undefined) started.parent = parent
  if (gates !== undefined && gates.length > 0) started.gates = gates
  if (cause !== undefined) started.cause = cause
  if (sender !== undefined) started.sender = sender
  record(turn, started)
  if (refusal !== undefined) finish(turn, 'skipped', { output: null, failure: refusal })
}

/**
 * Whether there is something to try again: an execution that did not complete, with steps that did not.
 * Where effects were pretended nothing is: it would make them.
 */
export function canRedrive({ finished, unfinished, origin }: Turn['state']): boolean {
  if (finished === null || isEmpty(unfinished) || origin?.pretend === true) return false
  return finished.status !== 'completed' && finished.status !== 'completed_with_errors'
}

function redrive(turn: Turn, { by, edits, cause, gates: more = [] }: Input & { type: 'redrive' }): void {
  const { state, at } = turn
  const next: StepPath[] = []
  const reopened: StepPath[] = []
  for (const path in state.unfinished) {
    if ('status' in state.unfinished[path]!) reopened.push(path)
    else next.push(path)
  }
  const generation = state.generation + 1
  const gates = state.place === null ? more : [state.place, ...more]
  record(turn, {
    type: 'redriven',
    at,
    by,
    generation,
    next,
    ...(reopened.length > 0 && { reopened }),
    ...(gates.length > 0 && state.origin?.pretend !== true && { gates }),
    ...(edits !== undefined && { edits }),
    ...(cause !== undefined && { cause }),
  })
}

/** From here on the plan of this turn decides. Its variables are there for what it does. */
function migrate(turn: Turn, { by, from, to }: Input & { type: 'migrate' }): void {
  const { state, plan, at } = turn
  const missing = Object.keys(plan.variables).filter((name) => !(name in state.vars))
  const vars = Object.fromEntries(missing.map((name) => [name, plan.variables[name]!]))
  record(turn, { type: 'migrated', at, by, from, to, ...(missing.length > 0 && { vars }) })
}

/** An outcome that others may use, where the step sought one. */
function keepsResult({ keepAs }: Calling, outcome: Outcome): Outcome & { keepAs?: string } {
  return keepAs === undefined ? outcome : { ...outcome, keepAs }
}

/** The call a report is about, when it is the one in flight. */
function currentCall({ state }: Turn, { path, attempt }: { path: string; attempt: number }): Calling | undefined {
  const step = state.open[path]
  return step?.status === 'running' && step.attempt === attempt ? step : undefined
}
