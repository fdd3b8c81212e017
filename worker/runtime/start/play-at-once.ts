// play-at-once
//
// An execution that finishes in its first turn is played where its event arrives, and the inbox takes the record of the
// execution instead of the event: one write, no queue message, and the sender is answered no later.
//
//   P1. Only what is known to be short is played before the sender is told that the event is durable.
//   P2. It is played when the event's offer goes out, together with what the others that go along start (`inbox/acceptor.ts`).
//   P3. Should more be left to do after all, or its record be too large for an inbox while nobody waits, the event is left to the
//       consumer, which decides as for all events.

import { mayLoop } from '../causality/judge-start.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import type { ReadyVersion } from '../plans.ts'
import type { Start } from '../routes/trigger-targets.ts'

/** An execution that is begun when its event is written down. */
export interface DueStart {
  kind: 'due'
  version: ReadyVersion
  start: Pick<Start, 'nodeId' | 'kind'>
}

/** How an event starts the one execution it starts, where that is over at once; undefined for any other, and without a version. */
export function dueStart(
  version: ReadyVersion | undefined,
  trigger: AcceptedTrigger,
  start: DueStart['start'],
): DueStart | undefined {
  if (version?.isInstant !== true || mayLoop(version, trigger)) return undefined
  return { kind: 'due', version, start }
}
