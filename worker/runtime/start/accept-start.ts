// accept-start
//
// Starts one execution while its caller waits: the first turn is played here, and its result is durable before the caller
// is answered.
//
//   A1. A finished execution lies in the inbox as its own record, so the answer needs one write and no object.
//   A2. An open one is accepted first and opened second. If this process dies in between, the inbox sends the event to
//       the queue, and the consumer opens it: the same execution, by the same name.
//   A3. One that only makes quick calls is played to its end here (`play-calls.ts`).
//   A4. One that is over at once is played when its event is written down (`play-at-once.ts`).

import type { ExecutionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { executionIdFor } from '../../lib/id.ts'
import { rowText } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { beginExecution, type Begun } from './begin-execution.ts'
import { toSettled, type Settled, type WaitFor } from '../execution/settled.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { mostKeptCharacters } from '../records/hand-over-record.ts'
import type { Acceptance, OfferedEvent } from '../inbox/accept-together.ts'
import { isolateOf } from '../isolate.ts'
import { shardOf } from '../names.ts'
import type { DueStart } from './play-at-once.ts'
import { asPlayed, mayPlayCalls, playCalls } from './play-calls.ts'
import type { ReadyVersion } from '../plans.ts'

/** A trigger with the key by which its repetitions are recognised, and the routes by which it is offered. */
export interface StartOffer {
  trigger: AcceptedTrigger
  key: string
  windowMs: number
  bodyHash: string
  epochs?: readonly string[]
}

export type StartResult =
  | Exclude<Acceptance, { kind: 'accepted' }>
  | { kind: 'started'; executionId: ExecutionId; settled: Settled }

/** An execution that is not begun here: the consumer of its event decides what becomes of it. */
export interface LeftToConsumer {
  kind: 'later'
  executionId: ExecutionId
}

export function leftToConsumer(
  { organizationId, eventId }: AcceptedTrigger,
  { workflow }: Pick<ReadyVersion, 'workflow'>,
  { nodeId }: { nodeId: string },
): LeftToConsumer {
  return { kind: 'later', executionId: executionIdFor({ organizationId, workflowId: workflow.id, nodeId, eventId }) }
}

/** How an execution begins: begun already, left to a consumer, or begun when its event is written down. */
export type Beginning = Begun | LeftToConsumer | DueStart

/** What an event is written down with: the execution as it was begun, and its record, where the inbox takes that instead. */
interface Written {
  begun: Begun | LeftToConsumer
  record: string | undefined
  /** The trigger as it lies in the inbox. */
  trigger: AcceptedTrigger
  /** Whether its calls are made here. */
  isPlayed: boolean
}

/** Resolves when what is waited for is there, and never before the start is durable. */
export async function acceptStart(
  env: Env,
  offer: StartOffer,
  beginning: Beginning,
  wait: WaitFor,
): Promise<StartResult> {
  const { organizationId } = offer.trigger
  // What was written down last: twice gives the same (B1 of `begin-execution.ts`).
  let written: Written | undefined
  const acceptance = await isolateOf(env).acceptor.accept(organizationId, {
    key: offer.key,
    steps: beginning.kind === 'due' ? beginning.version.plan.nodes.size : 0,
    write() {
      written = writtenOf(offer, beginning, wait)
      return toEvent(offer, written)
    },
  })
  if (acceptance.kind !== 'accepted') return acceptance
  if (written === undefined) throw new Error('an event was accepted that nobody wrote down')
  const { begun, record, trigger, isPlayed } = written
  const executionId = executionIdOf(begun)
  if (begun.kind === 'later') return { kind: 'started', executionId, settled: { status: 'unknown' } }
  if (begun.kind === 'finished' && record !== undefined) {
    return { kind: 'started', executionId, settled: toSettled(begun.state) }
  }
  const shard = shardOf(offer.key)
  const { number } = acceptance
  if (begun.kind === 'open' && isPlayed && wait.until !== 'now') {
    const settled = await playCalls(env, begun, { trigger, shard, number }, wait)
    return { kind: 'started', executionId, settled }
  }

  // The execution tells the inbox itself that the event needs nothing more, when it hands over its first record.
  const init = { ...begun.init, header: { ...begun.init.header, inbox: { shard, ends: number } } }
  const settled = await executionOf(env, organizationId, executionId).start(organizationId, JSON.stringify(init), wait)
  return { kind: 'started', executionId, settled }
}

/** Begins what is due, and says what its event is written down as. */
function writtenOf({ trigger }: StartOffer, beginning: Beginning, wait: WaitFor): Written {
  const begun = beginning.kind === 'due' ? beginDue(trigger, beginning) : beginning
  const record = recordOf(begun)
  if (beginning.kind === 'due' && record === undefined && wait.until === 'now') {
    const later = leftToConsumer(trigger, beginning.version, beginning.start)
    return { begun: later, record, trigger, isPlayed: false }
  }
  const isPlayed = begun.kind === 'open' && wait.until !== 'now' && mayPlayCalls(begun, wait)
  return { begun, record, trigger: isPlayed ? asPlayed(trigger, begun) : trigger, isPlayed }
}

function beginDue(trigger: AcceptedTrigger, { version, start }: DueStart): Begun | LeftToConsumer {
  const begun = beginExecution(version, trigger, start)
  return begun.kind === 'finished' ? begun : leftToConsumer(trigger, version, start)
}

function toEvent(offer: StartOffer, { begun, record, trigger }: Written): OfferedEvent {
  const executionIds = [executionIdOf(begun)]
  return record === undefined
    ? offeredEvent(offer, executionIds, {
        kind: 'trigger',
        pending: JSON.stringify(trigger),
        direct: begun.kind !== 'later',
      })
    : offeredEvent(offer, executionIds, { kind: 'records', pending: record })
}

/** An offer as an inbox takes it: with what is to be done, and the executions by which a second delivery is answered. */
export function offeredEvent(
  { key, windowMs, bodyHash, epochs, trigger: { eventId, at } }: StartOffer,
  executionIds: readonly ExecutionId[],
  toDo: Pick<OfferedEvent, 'kind' | 'pending' | 'direct'>,
): OfferedEvent {
  const epoch = epochs?.[shardOf(key)]
  const offer = { key, windowMs, bodyHash, id: eventId, at, answer: JSON.stringify(executionIds) }
  return { ...offer, ...toDo, ...(epoch === undefined ? {} : { epoch }) }
}

/** The record of a finished execution, as text for an inbox; undefined for any other, and where an inbox cannot hold it. */
function recordOf(begun: Begun | LeftToConsumer): string | undefined {
  if (begun.kind !== 'finished') return undefined
  const record = rowText(begun.record)
  return record.length <= mostKeptCharacters ? record : undefined
}

function executionIdOf(begun: Begun | LeftToConsumer): ExecutionId {
  return begun.kind === 'later' ? begun.executionId : begun.init.header.executionId
}
