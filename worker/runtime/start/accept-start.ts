// accept-start
//
// Starts one execution while its caller waits: the first turn is played here, and its result is durable before the caller
// is answered.
//
//   A1. A finished execution lies in the inbox as its own record, so the answer needs one write and no object.
//   A2. An open one is accepted first and opened second. If this process dies in between, the inbox sends the event to
//       the queue, and the consumer opens it: the same execution, by the same name.
//   A3. One that only makes quick calls is played to its end here (`play-calls.ts`).

import type { ExecutionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { executionIdFor } from '../../lib/id.ts'
import { rowText } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import type { Begun } from './begin-execution.ts'
import { toSettled, type Settled, type WaitFor } from '../execution/settled.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { mostKeptCharacters } from '../records/hand-over-record.ts'
import type { Acceptance, OfferedEvent } from '../inbox/accept-together.ts'
import { isolateOf } from '../isolate.ts'
import { shardOf } from '../names.ts'
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

/** The record of a finished execution, as text for an inbox; undefined for any other, and where an inbox cannot hold it. */
export function recordOf(begun: Begun | LeftToConsumer): string | undefined {
  if (begun.kind !== 'finished') return undefined
  const record = rowText(begun.record)
  return record.length <= mostKeptCharacters ? record : undefined
}

/** Resolves when what is waited for is there, and never before the start is durable. */
export async function acceptStart(
  env: Env,
  offer: StartOffer,
  begun: Begun | LeftToConsumer,
  wait: WaitFor,
): Promise<StartResult> {
  const { organizationId } = offer.trigger
  const shard = shardOf(offer.key)
  const executionId = begun.kind === 'later' ? begun.executionId : begun.init.header.executionId
  const record = recordOf(begun)
  const playable =
    begun.kind === 'open' && wait.until !== 'now' && mayPlayCalls(begun, wait) ? { begun, wait } : undefined
  const trigger = playable === undefined ? offer.trigger : asPlayed(offer.trigger, playable.begun)
  const event: OfferedEvent = {
    key: offer.key,
    windowMs: offer.windowMs,
    bodyHash: offer.bodyHash,
    id: offer.trigger.eventId,
    at: offer.trigger.at,
    answer: JSON.stringify([executionId]),
    ...(record === undefined
      ? { kind: 'trigger', pending: JSON.stringify(trigger), direct: begun.kind !== 'later' }
      : { kind: 'records', pending: record }),
    ...(offer.epochs?.[shard] === undefined ? {} : { epoch: offer.epochs[shard] }),
  }
  const acceptance = await isolateOf(env).acceptor.accept(organizationId, event)
  if (acceptance.kind !== 'accepted') return acceptance
  if (begun.kind === 'finished' && record !== undefined) {
    return { kind: 'started', executionId, settled: toSettled(begun.state) }
  }
  if (begun.kind === 'later') return { kind: 'started', executionId, settled: { status: 'unknown' } }
  if (playable !== undefined) {
    const place = { trigger, shard, number: acceptance.number }
    const settled = await playCalls(env, playable.begun, place, playable.wait)
    return { kind: 'started', executionId, settled }
  }

  // The execution tells the inbox itself that the event needs nothing more, when it hands over its first record.
  const init = { ...begun.init, header: { ...begun.init.header, inbox: { shard, ends: acceptance.number } } }
  const settled = await executionOf(env, organizationId, executionId).start(organizationId, JSON.stringify(init), wait)
  return { kind: 'started', executionId, settled }
}
