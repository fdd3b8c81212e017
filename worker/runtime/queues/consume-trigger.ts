// consume-trigger
//
// Begins the executions that one event starts. Which workflows are active, and in which version, is decided here by the
// routes that are in force in the inbox.
//
//   C1. Everything here may happen twice for one event: the same execution begins under the same name, its object takes the
//       first beginning, and D1 keeps the first record. Where an event is so old that the object may have been erased since,
//       the execution is looked up first.

import { fold } from '../../engine/fold.ts'
import { outstanding } from '../../engine/outstanding.ts'
import type { Env } from '../../env.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { openDatabase } from '../../store/database.ts'
import { listEnded } from '../../store/executions.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import type { Begun } from '../start/begin-execution.ts'
import { beginInTurn } from '../start/begin-in-turn.ts'
import { judgeStart, mayLoop, refuseStart } from '../causality/judge-start.ts'
import { enrolmentOf, hasLeft, mayEnter } from '../contact/begin-enrolled.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import type { ExecutionInit } from '../execution/journal-table.ts'
import { holdMs } from '../execution/next-alarm.ts'
import { toRecord } from '../records/to-record.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { isolateOf } from '../isolate.ts'
import { startsOf } from '../routes/starts-of.ts'
import type { Start } from '../routes/trigger-targets.ts'
import { wakeWaiters } from '../waiters/wake-waiters.ts'

/** Where an event lies. */
export interface EventPlace {
  shard: number
  /** The routes in force there. */
  epoch: string
  /** Its entry; absent where no inbox has the event any more. */
  number?: number
}

export interface Consumed {
  records: ExecutionRecord[]
  /**
   * What is to become of the event's entry. `confirm`: it is done when D1 has the records. `takenOver`: its execution confirms
   * it, with its first record. `held`: something may not begin yet, and the inbox is to send the event again.
   */
  entry: 'confirm' | 'takenOver' | 'held'
}

/** What came of one start. */
type Started = { kind: 'nothing' | 'takenOver' | 'held' } | { kind: 'recorded'; record: ExecutionRecord }

const nothing: Started = { kind: 'nothing' }

/** Throws when an object or a database that has to be asked could not be reached: the event is to be consumed again. */
export async function consumeTrigger(env: Env, trigger: AcceptedTrigger, place: EventPlace): Promise<Consumed> {
  await wakeWaiters(env, trigger, place)
  const starts = await startsOf(env, trigger, place)
  // An execution confirms the event that began it where that began nothing else.
  const inbox = starts.length > 1 || place.number === undefined ? undefined : { shard: place.shard, ends: place.number }
  const results: Started[] = []
  for (const start of starts) results.push(await beginStart(env, trigger, start, inbox))
  const came = (kind: Started['kind']) => results.some((result) => result.kind === kind)
  return {
    records: results.flatMap((result) => (result.kind === 'recorded' ? [result.record] : [])),
    entry: came('held') ? 'held' : came('takenOver') ? 'takenOver' : 'confirm',
  }
}

async function beginStart(
  env: Env,
  trigger: AcceptedTrigger,
  start: Start,
  inbox: ExecutionHeader['inbox'],
): Promise<Started> {
  const version = await isolateOf(env).plans.find(trigger.organizationId, start.versionId)
  if (version === undefined) return nothing
  if (mayLoop(version, trigger)) {
    const judgement = await judgeStart(env, version, trigger, start)
    if (judgement.kind === 'held') return { kind: 'held' }
    if (judgement.kind === 'refused') {
      return { kind: 'recorded', record: await refuseStart(env, version, trigger, start, judgement.loop) }
    }
  }
  const enrolment = trigger.contactId === undefined ? undefined : await enrolmentOf(env, version, trigger)
  if (enrolment !== undefined && !(await mayEnter(env, version, trigger, start, enrolment))) return nothing
  const begun = await beginInTurn(env, version, trigger, start)
  switch (begun.kind) {
    case 'finished':
      if (enrolment !== undefined) await hasLeft(env, begun.init.header, trigger.at)
      return { kind: 'recorded', record: begun.record }
    case 'open':
      return openObject(env, trigger.played === undefined ? begun : goingOn(begun, trigger.played), inbox)
    default:
      return unreachable(begun)
  }
}

type Open = Extract<Begun, { kind: 'open' }>

/** Goes on from the turns that were played where the event was accepted, by a process that is gone; its calls are lost. */
function goingOn(begun: Open, { entries }: NonNullable<AcceptedTrigger['played']>): Open {
  const init: ExecutionInit = { ...begun.init, calls: 'lost' }
  // The first turn is the same whoever plays it.
  if (entries.length === 0) return { ...begun, init }
  const state = fold(entries)
  return { ...begun, init: { ...init, entries }, state, outstanding: outstanding({ plan: begun.plan, state }) }
}

/** Starts the object of an open execution. */
async function openObject(
  env: Env,
  { init, state, outstanding: left }: Open,
  inbox: ExecutionHeader['inbox'],
): Promise<Started> {
  if (await isLongOver(env, init.header)) return nothing
  const header = inbox === undefined ? init.header : { ...init.header, inbox }
  const { organizationId, executionId } = header
  const text = JSON.stringify({ ...init, header })
  const { isNew } = await executionOf(env, organizationId, executionId).start(organizationId, text)
  // An execution that was there before may have been begun together with others, and would not confirm the event.
  if (isNew && inbox !== undefined) return { kind: 'takenOver' }
  return { kind: 'recorded', record: toRecord(header, init.entries, state, left) }
}

/** Whether it ended so long ago that its object may have been erased, and would begin it anew. */
async function isLongOver(
  env: Env,
  { organizationId, executionId, acceptedAt }: Pick<ExecutionHeader, 'organizationId' | 'executionId' | 'acceptedAt'>,
): Promise<boolean> {
  if (Date.now() < acceptedAt + holdMs) return false
  return (await listEnded(openDatabase(env.LOGS), organizationId, [executionId])).length > 0
}
