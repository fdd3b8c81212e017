import type { TriggerKind } from '../../contract/execution.ts'
import type { Env } from '../../env.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { beginExecution, type Begun } from './begin-execution.ts'
import { isolateOf } from '../isolate.ts'
import type { ReadyVersion } from '../plans.ts'

/**
 * As `beginExecution`; but an execution that does not finish in its first turn has to pass the gates that its organization
 * shares, where there are any. One that finishes at once never ran beside another, and asks for no place.
 */
export function beginInTurn(
  env: Env,
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: { nodeId: string; kind: TriggerKind },
): Begun | Promise<Begun> {
  const begun = beginExecution(version, trigger, start)
  return begun.kind === 'finished' ? begun : passSharedGates(env, begun, version, trigger, start)
}

async function passSharedGates(
  env: Env,
  begun: Begun,
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: { nodeId: string; kind: TriggerKind },
): Promise<Begun> {
  const gates = await isolateOf(env).sharedGates.listFor(trigger.organizationId)
  return gates.length === 0 ? begun : beginExecution(version, trigger, start, { gates })
}
