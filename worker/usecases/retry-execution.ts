import type { ExecutionId } from '../contract/id.ts'
import { appError } from '../lib/app-error.ts'
import { unreachable } from '../lib/unreachable.ts'
import { requireCapability } from '../tenancy/scope.ts'
import type { Context } from './context.ts'
import { requireExecution } from './require-execution.ts'

/**
 * Tries a failed execution again from its failed steps, keeping what is finished. Throws `execution.not_found`,
 * `execution.not_finished`, and `execution.finished` when nothing in it failed, or when it was undone.
 */
export async function retryExecution(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'recordDeed'>,
  id: ExecutionId,
): Promise<void> {
  const { scope, runtime, recordDeed } = context
  requireCapability(scope, 'execution.retry')
  await requireExecution(context, id)
  const result = await runtime.redrive(scope.organizationId, id, scope.userId)
  switch (result) {
    case 'accepted':
      return recordDeed({ action: 'execution.retried', targetId: id })
    case 'not_finished':
      throw appError('execution.not_finished')
    case 'nothing_failed':
      throw appError('execution.finished', {
        message: 'There is nothing to go on from: nothing failed, or what it did was undone. Start it anew.',
      })
    case 'not_found':
      throw appError('execution.not_found')
    default:
      return unreachable(result)
  }
}
