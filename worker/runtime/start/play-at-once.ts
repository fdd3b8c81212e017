// play-at-once
//
// An event whose execution is over in its first turn need not lie in the inbox until a consumer plays that turn: it is
// played where the event arrives, and the inbox takes the record of the execution in the event's place. One write, no
// message, and its sender hears no later.
//
//   P1. Only what is known to be short is played before anybody is told that the event is safe.
//   P2. Whatever speaks against it leaves the event to the consumer, which decides as for any other.

import type { ExecutionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { recordOf } from './accept-start.ts'
import { beginExecution } from './begin-execution.ts'
import { mayLoop } from '../causality/judge-start.ts'
import { isolateOf } from '../isolate.ts'
import type { Start } from '../routes/trigger-targets.ts'

/** The one execution that an event starts, with its record as text for an inbox; undefined: it is the consumer's. */
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
