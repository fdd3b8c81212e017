import type { ExecutionId, WorkflowId } from '../../contract/id.ts'
import { failureOf } from '../../causality/loop.ts'
import { appError } from '../../lib/app-error.ts'
import type { Context } from '../context.ts'

/**
 * A step may have an execution tried again or forked for as long as that is no loop: throws `execution.loop_detected`
 * where it is. People may always.
 */
export async function refuseLoops(
  { scope, runtime, cause }: Pick<Context, 'scope' | 'runtime' | 'cause'>,
  asked: { executionId: ExecutionId; workflowId: WorkflowId },
): Promise<void> {
  if (cause === undefined) return
  const loop = await runtime.judge(scope.organizationId, { ...asked, cause })
  if (loop === null) return
  const { message, details = {} } = failureOf(loop)
  throw appError('execution.loop_detected', { message, details })
}
