import type { Execution } from '../../contract/execution.ts'
import { isTerminal } from '../../contract/facts/execution.ts'
import type { ExecutionId } from '../../contract/id.ts'
import { appError, type AppError } from '../../lib/app-error.ts'
import type { StoredExecution } from '../../store/executions.ts'
import type { Context } from '../context.ts'

export type RequiredExecution = { live: Execution } | { stored: StoredExecution }

/**
 * An execution that the caller may see, as its own object knows it or, once that is gone, as the projection does.
 * Throws `execution.not_found` where the caller may not see its workflow, as for an execution that never was.
 */
export async function requireExecution(
  { scope, workflows, executions, runtime }: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime'>,
  id: ExecutionId,
): Promise<RequiredExecution> {
  const live = await runtime.findLive(scope.organizationId, id)
  if (live !== undefined) {
    const workflow = await workflows.find(live.workflowId)
    if (workflow === undefined) throw appError('execution.not_found')
    return { live }
  }
  const stored = await (await executions()).find(id)
  if (stored === undefined) throw appError('execution.not_found')
  return { stored }
}

/** Why an execution that was found has no object to turn to: it is over, it has not begun, or it is gone. */
export function whyOutOfReach(found: RequiredExecution): AppError {
  const { status } = 'live' in found ? found.live : found.stored.summary
  if (isTerminal(status)) return appError('execution.finished')
  return appError('live' in found ? 'execution.not_begun' : 'execution.not_found')
}
