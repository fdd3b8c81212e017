import type { ExecutionLimit } from '../../contract/execution-limit.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** How many executions of the organization go on at a time. Whoever may read workflows may read what they go by. */
export async function getExecutionLimit({
  scope,
  executionLimit,
  gateRuntime,
}: Pick<Context, 'scope' | 'executionLimit' | 'gateRuntime'>): Promise<ExecutionLimit> {
  requireCapability(scope, 'workflow.read')
  const [limit, now] = await Promise.all([executionLimit.find(), gateRuntime.countRunning(scope.organizationId)])
  return { limit, ...now }
}
