// judge
//
// Whether what happened is what was promised. Pure: evidence in, violations out. `test/prove/judge.test.ts` shows that it
// finds each kind.
//
//   I1. An acknowledged event has exactly one execution per workflow that it starts, and it is the one that was named in
//       the acknowledgement. An event that nobody acknowledged has at most one. There are no others. Nobody is refused.
//   I3. A step is completed once.
//   I4. Each call that an event must cause was made, under one key, which is the key that the execution shows where it
//       shows one; and no other was. A call was made again only where the one before it failed, or may have been cut off by an outage.
//   I5. A step's call comes after the last call of the step before it, I7. and never before the wait between them is over.
//   I8. Every execution is completed.
//   I11. The list agrees with the execution.

import type { SinkCall } from '../sink/ledger.ts'
import type { Acknowledgement, Evidence, Outage, SeenExecution, SentEvent } from './evidence.ts'

export interface Violation {
  oracle: 'I1' | 'I3' | 'I4' | 'I5' | 'I7' | 'I8' | 'I11'
  event: string
  what: string
}

export interface Verdict {
  violations: Violation[]
  /** Calls that were made again, by why: the one before failed, or an outage may have cut it off. */
  repeated: { afterFailure: number; afterOutage: number }
}

/** How long after an answer went out the server may still not have made it durable, when it was cut off, in ms. */
const commitGraceMs = 3_000

/** Judges a whole proof. */
export function judge({ sent, acknowledged, refused, calls, outages, executions }: Evidence): Verdict {
  const violations: Violation[] = []
  const repeated = { afterFailure: 0, afterOutage: 0 }
  const report = (oracle: Violation['oracle'], event: string, what: string) =>
    void violations.push({ oracle, event, what })

  const known = new Map(sent.map((each) => [each.event, each]))
  const acknowledgements = Map.groupBy(acknowledged, ({ event }) => event)
  const executionsByEvent = Map.groupBy(executions, ({ event }) => event)
  const callsByEvent = Map.groupBy(calls, eventOf)

  for (const { event, what } of refused) report('I1', event, `was refused: ${what}`)
  for (const [event, found] of executionsByEvent) {
    const programs = new Set(known.get(event)?.starts.map(({ program }) => program))
    for (const { id, program } of found) {
      if (!programs.has(program)) report('I1', event, `${program} ran as ${id}, and the event does not start it`)
    }
  }
  for (const execution of executions) judgeExecution(execution, report)
  for (const event of callsByEvent.keys()) {
    if (!known.has(event)) report('I4', event, 'was called for, and nobody sent it')
  }
  for (const each of sent) {
    const found = executionsByEvent.get(each.event) ?? []
    judgeStarts(each, acknowledgements.get(each.event) ?? [], found, report)
    judgeCalls(each, callsByEvent.get(each.event) ?? [], found, { outages, report, repeated })
  }
  return { violations, repeated }
}

type Report = (oracle: Violation['oracle'], event: string, what: string) => void

function judgeExecution({ id, event, status, listedStatus, steps }: SeenExecution, report: Report): void {
  if (status !== 'completed') report('I8', event, `${id} is ${status}`)
  if (status !== listedStatus) report('I11', event, `${id} is ${status}, and ${listedStatus} in the list`)
  const completed = steps.filter((step) => step.status === 'completed').map(({ path }) => path)
  if (new Set(completed).size < completed.length) report('I3', event, `${id} completed a step twice`)
}

function judgeStarts(
  { event, starts }: SentEvent,
  acknowledgements: readonly Acknowledgement[],
  found: readonly SeenExecution[],
  report: Report,
): void {
  for (const { program } of starts) {
    const count = found.filter((execution) => execution.program === program).length
    if (count > 1) report('I1', event, `${program} ran ${count} times`)
    if (count === 0 && acknowledgements.length > 0) report('I1', event, `was acknowledged, and ${program} never ran`)
  }
  const ids = new Set(found.map(({ id }) => id))
  for (const { executionIds, answer } of acknowledgements) {
    const missing = executionIds.filter((id) => !ids.has(id))
    if (missing.length > 0) report('I1', event, `was acknowledged as ${missing.join(', ')}, which is not there`)
    if (executionIds.length !== starts.length) {
      report('I1', event, `was acknowledged with ${executionIds.length} executions, and starts ${starts.length}`)
    }
    if (answer !== undefined && JSON.stringify(answer.given) !== JSON.stringify(answer.expected)) {
      report('I1', event, `was answered ${JSON.stringify(answer.given)} instead of ${JSON.stringify(answer.expected)}`)
    }
  }
}

function judgeCalls(
  { event, starts }: SentEvent,
  calls: readonly SinkCall[],
  found: readonly SeenExecution[],
  { outages, report, repeated }: { outages: readonly Outage[]; report: Report; repeated: Verdict['repeated'] },
): void {
  const isExpected = (call: SinkCall) =>
    starts.some(
      ({ program, calls: due }) => program === programOf(call) && due.some(({ step }) => step === stepOf(call)),
    )
  for (const call of calls) {
    if (!isExpected(call)) report('I4', event, `${programOf(call)} called ${stepOf(call)}, which it does not have`)
  }
  for (const { program, calls: due } of starts) {
    const execution = found.find((each) => each.program === program)
    for (const { step, after, waitMs = 0 } of due) {
      const made = callsOf(calls, program, step)
      if (execution === undefined) {
        if (made.length > 0) report('I4', event, `${program} called ${step}, and there is no such execution`)
        continue
      }
      const keys = new Set(made.map(({ key }) => key))
      if (made.length === 0) report('I4', event, `${program} never called ${step}`)
      if (keys.size > 1 || keys.has(null)) report('I4', event, `${program} called ${step} under ${keys.size} keys`)
      const shown = execution.steps.find(({ path }) => path === step)?.idempotencyKey
      if (shown !== undefined && made.length > 0 && shown !== made[0]?.key)
        report('I4', event, `${program} shows another key for ${step}`)
      judgeRepeats(made, outages, repeated, (what) => report('I4', event, `${program} called ${step} again: ${what}`))

      const [first] = made
      const earlier = after === undefined ? undefined : callsOf(calls, program, after).at(-1)
      if (first === undefined || after === undefined) continue
      if (earlier === undefined || first.at < earlier.at)
        report('I5', event, `${program} called ${step} before ${after}`)
      else if (first.at - earlier.at < waitMs) report('I7', event, `${program} waited only ${first.at - earlier.at} ms`)
    }
  }
}

function judgeRepeats(
  made: readonly SinkCall[],
  outages: readonly Outage[],
  repeated: Verdict['repeated'],
  refuse: (what: string) => void,
): void {
  for (const [index, call] of made.slice(0, -1).entries()) {
    if (hasFailed(call)) repeated.afterFailure += 1
    else if (outages.some((outage) => mayHaveCutOff(outage, call, made[index + 1]!))) repeated.afterOutage += 1
    else refuse(`call ${call.number} was ${call.end?.kind ?? 'under way'}, and there was no outage`)
  }
}

function hasFailed({ end }: SinkCall): boolean {
  return end?.kind === 'dropped' || (end?.kind === 'answered' && (end.status ?? 0) >= 400)
}

/** Whether the outage came while the result of the call may not have been durable, and before the next call. */
function mayHaveCutOff({ killedAt, restartedAt }: Outage, call: SinkCall, next: SinkCall): boolean {
  const durableAt = (call.end?.at ?? Infinity) + commitGraceMs
  return call.at <= restartedAt && killedAt <= durableAt && killedAt <= next.at
}

function callsOf(calls: readonly SinkCall[], program: string, step: string): SinkCall[] {
  return calls.filter((call) => programOf(call) === program && stepOf(call) === step)
}

const textIn = ({ body }: SinkCall, key: string) =>
  typeof body === 'object' && body !== null ? String((body as Record<string, unknown>)[key]) : ''
const eventOf = (call: SinkCall) => textIn(call, 'event')
const programOf = (call: SinkCall) => textIn(call, 'program')
const stepOf = (call: SinkCall) => textIn(call, 'step')
