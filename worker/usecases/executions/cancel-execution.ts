import type { ExecutionId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { Context } from '../context.ts'
import { requireExecution, whyOutOfReach } from './require-execution.ts'

/** From here on no step of it starts. Throws `execution.not_found`, `execution.finished`, `execution.not_begun`. */
export async function cancelExecution(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'recordDeed'>,
  id: ExecutionId,
  reason: string,
): Promise<void> {
  const { scope, runtime, recordDeed } = context
  requireCapability(scope, 'execution.cancel')
  const found = await requireExecution(context, id)
  const result = await runtime.cancel(scope.organizationId, id, scope.userId, reason)
  switch (result) {
    case 'accepted':
      return recordDeed({ action: 'execution.cancelled', targetId: id, details: { reason } })
    case 'finished':
      throw appError('execution.finished')
    case 'not_found':
      throw whyOutOfReach(found)
    default:
      return unreachable(result)
  }
}
