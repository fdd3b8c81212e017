import type { TriggerKind } from '../../contract/execution.ts'
import type { Env } from '../../env.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { beginExecution, type Begun } from './begin-execution.ts'
import { isolateOf } from '../isolate.ts'
import type { ReadyVersion } from '../plans.ts'

/**
 * As `beginExecution`; but one that goes on beyond this instant has to pass the gates that its organization shares first,
 * where there are any. One that is over at once never went on beside another, and asks for no place.
 */
export function beginInTurn(
  env: Env,
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: { nodeId: string; kind: TriggerKind },
): Begun | Promise<Begun> {
  const begun = beginExecution(version, trigger, start)
  return begun.kind === 'finished' ? begun : stand(env, begun, version, trigger, start)
}

async function stand(
  env: Env,
  begun: Begun,
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: { nodeId: string; kind: TriggerKind },
): Promise<Begun> {
  const gates = await isolateOf(env).sharedGates.listFor(trigger.organizationId)
  return gates.length === 0 ? begun : beginExecution(version, trigger, start, { gates })
}
