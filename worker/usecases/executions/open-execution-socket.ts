import type { ExecutionId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireExecution } from './require-execution.ts'

/** The socket that tells of an execution as it goes. `request` is the upgrade. Throws as `getExecution` does. */
export async function openExecutionSocket(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime'>,
  id: ExecutionId,
  request: Request,
): Promise<Response> {
  const { scope, runtime } = context
  requireCapability(scope, 'execution.read')
  if (!scope.capabilities.has('execution.read_payload')) throw appError('execution.payload_forbidden')
  await requireExecution(context, id)
  return runtime.openSocket(scope.organizationId, id, request)
}
