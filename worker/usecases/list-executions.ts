import type { Page } from '../contract/error.ts'
import type { ExecutionListQuery, ExecutionSummary } from '../contract/execution.ts'
import { requireCapability } from '../tenancy/scope.ts'
import type { Context } from './context.ts'

/** Executions of the workflows the caller sees, newest first. */
export async function listExecutions(
  { scope, executions }: Pick<Context, 'scope' | 'executions'>,
  query: ExecutionListQuery,
): Promise<Page<ExecutionSummary>> {
  requireCapability(scope, 'execution.read')
  return (await executions()).list(query)
}
