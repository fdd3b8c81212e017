// judge: what is wrong with a run, by what the outside world saw, what was acknowledged, and what is kept
//
// The names are those of docs/reliability.md. The model (`test/engine/support/model.ts`) says what must come of a program; it
// knows no crash, no queue and no time.

import type { ExecutionStatus } from '../../worker/contract/execution.ts'
import { isTerminal } from '../../worker/contract/facts/execution.ts'
import { executionIdFor } from '../../worker/lib/id.ts'
import type { EventId } from '../../worker/contract/id.ts'
import type { ExecutionEvent, JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import { project } from '../../worker/engine/projection.ts'
import { freeze } from '../../worker/engine/snapshot.ts'
import { statusOf } from '../../worker/engine/state.ts'
import { executionName } from '../../worker/runtime/names.ts'
import { checkAftermath } from '../engine/support/check-aftermath.ts'
import { checkLegal } from '../engine/support/check-legal.ts'
import { describeStep, interpret } from '../engine/support/model.ts'
import type { Evidence } from './run-scenario.ts'
import { calleeOf } from './scenario.ts'
import { judgeGates } from './judge-gates.ts'
import { isDisturbed, judgeChildren, parentOf } from './judge-children.ts'
import { keyOf, organizationId, workflowIdOf } from './world.ts'

export interface Violation {
  oracle: string
  what: string
}

type Stored = Evidence['stored'][number]

/** A timer may ring so late where nothing went wrong, in ms. */
const punctualMs = 2_000

/** All that is wrong. */
export function judge(evidence: Evidence): Violation[] {
  const violations: Violation[] = []
  const say = (oracle: string, what: string) => void violations.push({ oracle, what })
  if (evidence.stuck !== null) say('I8', evidence.stuck)
  judgeAcknowledgements(evidence, say)
  judgeChildren(evidence, say)
  judgeGates(evidence, say)
  for (const stored of evidence.stored) {
    try {
      judgeExecution(evidence, stored, (oracle, what) => say(oracle, `${stored.id}: ${what}`))
    } catch (error) {
      say('I9', `${stored.id}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return violations
}

export type Say = (oracle: string, what: string) => void

/** I1, I2: each event that was acknowledged has one execution per workflow it is for, and there are no others. */
function judgeAcknowledgements({ scenario, acknowledged, refused, pausedAt, firstSentAt, stored }: Evidence, say: Say) {
  const isPaused = scenario.pausedAtMs !== null
  for (const what of refused) if (!(isPaused && what.startsWith('paused'))) say('I1', `refused: ${what}`)
  const paused = new Set<string>()
  const known = new Set(stored.map(({ id }) => id))
  const allowed = new Set<string>()
  for (const delivery of scenario.deliveries) {
    const answers = acknowledged.filter((each) => each.delivery === delivery)
    const [first] = answers
    if (first === undefined) continue
    for (const { executionIds } of answers) {
      if (executionIds.join() !== first.executionIds.join())
        say('I2', `event ${delivery.number} was answered in two ways`)
    }
    const listening = scenario.workflows.filter(({ isCalled }) => isCalled !== true)
    const count = delivery.way === 'event' ? listening.length : 1
    if (!isPaused && first.executionIds.length !== count) say('I1', `event ${delivery.number} names too few executions`)
    for (const id of first.executionIds) {
      allowed.add(id)
      const execution = stored.find((each) => each.id === id)
      const mayBePaused = isPaused && delivery.way !== 'start'
      if (!known.has(id) && !mayBePaused) say('I1', `event ${delivery.number} was acknowledged, and ${id} is nowhere`)
      const isLate = pausedAt !== null && firstSentAt.get(delivery.number)! > pausedAt
      if (mayBePaused && isLate && execution?.row['workflow_id'] === workflowIdOf(0)) paused.add(id)
    }
  }
  for (const id of paused) say('I1', `${id} was started by a workflow that was paused`)
  for (const { id, row, entries } of stored) {
    if (parentOf(entries) !== undefined) continue
    // A sender that was refused in the end may have been heard before the pause.
    if (!allowed.has(id) && !isPaused) say('I2', `${id} was started, and nobody was told so`)
    const named = executionIdFor({
      organizationId,
      workflowId: row['workflow_id'] as ReturnType<typeof workflowIdOf>,
      nodeId: 'n0',
      eventId: row['event_id'] as EventId,
    })
    if (named !== id) say('I2', `${id} is not named by its cause`)
  }
}

function judgeExecution(evidence: Evidence, stored: Stored, say: Say): void {
  const { id, entries } = stored
  const status = judgeJournal(evidence, stored, say)
  for (const { executionIds, status: answered } of evidence.acknowledged) {
    const isFinal = answered !== undefined && isTerminal(answered as ExecutionStatus) && !evidence.redriven.has(id)
    if (isFinal && executionIds.includes(id) && answered !== status)
      say('I1', `was answered as ${answered}, and is ${status}`)
  }
  const events = entries.flatMap((entry) => entry.events)
  judgeCancelled(evidence, id, events, status, say)
  judgeMeaning(evidence, stored, status, say)
}

/** What holds for every execution, whatever it does and whoever had a hand in it; gives how it ended. */
export function judgeJournal(
  evidence: Pick<Evidence, 'journalOf' | 'snapshotOf' | 'ledger' | 'fired'>,
  { id, row, entries }: Stored,
  say: Say,
): ExecutionStatus {
  checkLegal(entries)
  const state = fold(entries)
  const events = entries.flatMap((entry) => entry.events)
  const status = statusOf(state)
  if (!isTerminal(status)) say('I8', `is ${status} for ever`)

  // I11: the projection equals the journal, and the journal that of the object, where that still is.
  const told = { status: row['status'], generation: row['generation'], seq: row['seq'], steps: row['step_count'] }
  const is = { status, generation: state.generation, seq: state.seq, steps: state.stepCount }
  if (JSON.stringify(told) !== JSON.stringify(is))
    say('I11', `is shown as ${JSON.stringify(told)}, and is ${JSON.stringify(is)}`)
  if (project(entries).status !== status) say('I16', 'looks different to people')
  const name = executionName(organizationId, id as never)
  judgeSnapshot(evidence.snapshotOf(name), entries, say)
  const kept = evidence.journalOf(name)
  if (kept !== undefined && JSON.stringify(kept.entries) !== JSON.stringify(entries)) {
    say('I11', `has ${kept.entries.length} entries in its object and ${entries.length} in the projection`)
  }
  judgeCalls(evidence, id, events, say)
  judgeTimes(evidence, events, say)
  return status
}

/** I16: the snapshot that an object holds is what its journal gives up to that turn. */
function judgeSnapshot(snapshot: ReturnType<Evidence['snapshotOf']>, entries: readonly JournalEntry[], say: Say): void {
  if (snapshot === undefined) return
  const { seq, text } = snapshot
  if (seq > entries.length) say('I16', `has a snapshot of turn ${seq} of ${entries.length}`)
  if (freeze(fold(entries.slice(0, seq))) !== text) say('I16', `its snapshot of turn ${seq} is of another state`)
}

/** I4, I5: every call was recorded before it was made, one to one, and went out under the key of its step. */
function judgeCalls(
  { ledger }: Pick<Evidence, 'ledger'>,
  id: string,
  events: readonly ExecutionEvent[],
  say: Say,
): void {
  const attempts = new Map<string, number>()
  const completed: string[] = []
  let generation = 1
  for (const event of events) {
    if (event.type === 'redriven') generation = event.generation
    if (event.type === 'stepCompleted' || event.type === 'attemptStarted') {
      const key = keyOf({ organizationId, executionId: id, generation, path: event.path })
      if (event.type === 'attemptStarted') attempts.set(key, (attempts.get(key) ?? 0) + 1)
      else if (attempts.has(key)) completed.push(key)
    }
  }
  const calls = new Map<string, number>()
  const inputs = new Map<string, string>()
  const effects = new Set<string>()
  const name = executionName(organizationId, id as never)
  for (const { object, key, input, committed } of ledger) {
    if (object !== name) continue
    calls.set(key, (calls.get(key) ?? 0) + 1)
    const text = JSON.stringify(input)
    if ((inputs.get(key) ?? text) !== text) say('I4', `${key} was sent with two inputs`)
    inputs.set(key, text)
    if (committed) effects.add(key)
  }
  for (const [key, count] of calls) {
    const recorded = attempts.get(key) ?? 0
    if (recorded < count) say('I4', `${key} was called ${count} times, and ${recorded} are on record`)
  }
  for (const key of completed) if (!effects.has(key)) say('I4', `${key} completed, and never took effect`)
}

/** I7: nothing begins before its time; and where nothing goes wrong, not long after it either. */
function judgeTimes({ fired }: Pick<Evidence, 'fired'>, events: readonly ExecutionEvent[], say: Say): void {
  const due = new Map<string, number>()
  const isPunctual = fired.length === 0 && !events.some(({ type }) => type === 'paused')
  const retrying = new Set<string>()
  for (const event of events) {
    const isDeferred = event.type === 'retryScheduled' || event.type === 'attemptDeferred'
    if (event.type === 'waitStarted' || isDeferred) due.set(event.path, event.dueAt)
    if (isDeferred) retrying.add(event.path)
    // A redrive begins a call anew; a wait keeps its instant.
    if (event.type === 'stepCancelled' && retrying.has(event.path)) due.delete(event.path)
    if (event.type !== 'stepCompleted' && event.type !== 'attemptStarted') continue
    const dueAt = due.get(event.path)
    if (dueAt === undefined) continue
    due.delete(event.path)
    if (event.at < dueAt) say('I7', `${event.path} went on ${dueAt - event.at} ms too early`)
    if (isPunctual && event.type === 'stepCompleted' && event.at > dueAt + punctualMs) {
      say('I7', `${event.path} went on ${event.at - dueAt} ms late`)
    }
  }
}

/** I6: what was cancelled is cancelled, and nothing begins after it. */
function judgeCancelled(
  { cancelled, redriven }: Evidence,
  id: string,
  events: readonly ExecutionEvent[],
  status: ExecutionStatus,
  say: Say,
): void {
  // What is done after its end goes on, and says how it ended then.
  if (events.some(({ type }) => type === 'aftermathStarted')) return
  if (cancelled.has(id) && !redriven.has(id) && status !== 'cancelled') say('I6', `was cancelled, and is ${status}`)
  const at = events.findIndex(({ type }) => type === 'cancelRequested')
  if (at === -1 || redriven.has(id)) return
  const begun = events.slice(at).find(({ type }) => type === 'attemptStarted' || type === 'waitStarted')
  if (begun !== undefined) say('I6', `began ${JSON.stringify(begun)} after it was cancelled`)
}

/** What the model says: same end, same steps with the same outputs, same calls. */
function judgeMeaning(evidence: Evidence, { id, row, entries }: Stored, status: ExecutionStatus, say: Say): void {
  const { scenario, acknowledged, redriven, ledger } = evidence
  const index = scenario.workflows.findIndex((_, each) => workflowIdOf(each) === row['workflow_id'])
  const data = entries[0]?.events[0]?.type === 'started' ? entries[0].events[0].trigger.data : null
  const delivery = acknowledged.find(({ executionIds }) => executionIds.includes(id))?.delivery
  if (delivery !== undefined && !JSON.stringify(data).includes(`"number":${delivery.number}`)) {
    say('I1', `was started with the data of another event`)
  }
  if (scenario.races || redriven.has(id) || status === 'cancelled') {
    if (status === 'cancelled' && !isCancelling(entries)) say('I6', 'is cancelled, and nobody cancelled it')
    return
  }
  // What people made of one that it called is not the model's to know.
  if (status === 'skipped' || isCancelling(entries) || isDisturbed(evidence, id)) return
  checkAftermath(scenario.workflows[index]!.program, entries)
  const workflow = scenario.workflows[index]!
  const expected = interpret(workflow.program, data, undefined, calleeOf(scenario.workflows, workflow))
  if (expected === undefined) return
  if (status !== expected.status) {
    const failure = fold(entries).finished?.failure
    say('model', `is ${status}, and should be ${expected.status}${failure === undefined ? '' : `: ${failure.message}`}`)
    return
  }
  if (expected.status === 'failed') return
  const outputs = new Map(project(entries).steps.map(({ path, output }) => [path, output ?? null]))
  const steps: string[] = []
  const nodes = new Map<string, string>()
  for (const event of entries.flatMap(({ events }) => events)) {
    if (!('node' in event) || !expected.isKept(event.node)) continue
    if (event.type === 'attemptStarted') nodes.set(event.path, event.node)
    if (event.type === 'stepCompleted') steps.push(describeStep(event.node, event.port, outputs.get(event.path)!))
    if (event.type === 'stepFailed') steps.push(describeStep(event.node, event.handled, event.output ?? null))
  }
  if (steps.sort().join('\n') !== expected.steps.join('\n')) {
    say('model', `did\n${steps.join('\n')}\nand should have done\n${expected.steps.join('\n')}`)
  }
  const calls = new Map<string, string>()
  for (const { object, key, input } of ledger) {
    const path = key.slice(key.lastIndexOf('|') + 1)
    const node = nodes.get(path)
    if (object === executionName(organizationId, id as never) && node !== undefined) {
      calls.set(key, `${node} ${JSON.stringify(input)}`)
    }
  }
  if ([...calls.values()].sort().join('\n') !== expected.calls.join('\n')) {
    say('I4', `called\n${[...calls.values()].join('\n')}\nand should have called\n${expected.calls.join('\n')}`)
  }
}

function isCancelling(entries: readonly JournalEntry[]): boolean {
  return entries.some(({ events }) => events.some(({ type }) => type === 'cancelRequested'))
}
