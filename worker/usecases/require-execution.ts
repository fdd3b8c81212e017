import type { Execution } from '../contract/execution.ts'
import type { ExecutionId } from '../contract/id.ts'
import { appError } from '../lib/app-error.ts'
import type { StoredExecution } from '../store/executions.ts'
import type { Context } from './context.ts'

/**
 * An execution that the caller may see, as its own object knows it or, once that is gone, as the projection does.
 * Whoever may not see its workflow hears `execution.not_found`, like anybody who asks for one that never was.
 */
export async function requireExecution(
  { scope, workflows, executions, runtime }: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime'>,
  id: ExecutionId,
): Promise<{ live: Execution } | { stored: StoredExecution }> {
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
