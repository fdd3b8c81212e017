import type { Chain } from '../../contract/cause.ts'
import type { ExecutionEdits } from '../../contract/fork.ts'
import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import { fold } from '../../engine/fold.ts'
import type { Env } from '../../env.ts'
import type { RedriveAnswer } from '../../usecases/ports.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { findStored } from './find-stored.ts'

/**
 * Begins a new generation of an execution that failed, from its failed steps on. `cause` is the chain of the step that asks
 * for it.
 */
export async function redriveExecution(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
  by: string,
  edits?: ExecutionEdits,
  cause?: Chain,
): Promise<RedriveAnswer> {
  const stored = await findStored(env, organizationId, id)
  // Before an object is made for what never had one.
  if (stored !== undefined && fold(stored.entries).origin?.pretend === true) return 'pretended'
  return executionOf(env, organizationId, id).redrive(
    organizationId,
    by,
    stored === undefined ? undefined : JSON.stringify(stored),
    edits === undefined ? undefined : JSON.stringify(edits),
    cause === undefined ? undefined : JSON.stringify(cause),
  )
}
