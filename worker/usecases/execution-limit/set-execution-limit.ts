import type { ExecutionLimit, SetExecutionLimitRequest } from '../../contract/execution-limit.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Holds for those who wait already as soon as this resolves, and for executions that begin within seconds. Nobody is
 * stopped by a limit that was lowered. Throws `service.unavailable`: saying it again is safe.
 */
export async function setExecutionLimit(
  context: Pick<Context, 'scope' | 'executionLimit' | 'gateRuntime' | 'now'>,
  { limit }: SetExecutionLimitRequest,
): Promise<ExecutionLimit> {
  const { scope, executionLimit, gateRuntime, now } = context
  requireCapability(scope, 'defaults.manage')
  await executionLimit.set(limit, now())
  await gateRuntime.executionLimitChanged(scope.organizationId)
  return { limit, ...(await gateRuntime.countRunning(scope.organizationId)) }
}
