// play-at-once
//
// An execution that finishes in its first turn is played where its event arrives, and the inbox takes the record of the
// execution instead of the event: one write, no queue message, and the sender is answered no later.
//
//   P1. Only what is known to be short is played before the sender is told that the event is durable.
//   P2. In any other case the event is left to the consumer, which decides as for all events.

import type { ExecutionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { recordOf } from './accept-start.ts'
import { beginExecution } from './begin-execution.ts'
import { mayLoop } from '../causality/judge-start.ts'
import { isolateOf } from '../isolate.ts'
import type { Start } from '../routes/trigger-targets.ts'

/** The one execution that an event starts, with its record as text for an inbox; undefined: left to the consumer. */
export async function playAtOnce(
  env: Env,
  trigger: AcceptedTrigger,
  start: Start,
): Promise<{ executionId: ExecutionId; record: string } | undefined> {
  const version = await isolateOf(env).plans.findInstant(trigger.organizationId, start.versionId)
  if (version === undefined || mayLoop(version, trigger)) return undefined
  const begun = beginExecution(version, trigger, start)
  const record = recordOf(begun)
  return record === undefined ? undefined : { executionId: begun.init.header.executionId, record }
}
