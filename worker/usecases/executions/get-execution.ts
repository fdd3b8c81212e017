import type { Execution } from '../../contract/execution.ts'
import type { ExecutionId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import type { StoredExecution } from '../../store/executions.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { toStoredExecution } from './execution-view.ts'
import { requireExecution } from './require-execution.ts'

/** The execution with its steps and their data. Throws `execution.not_found`, `execution.payload_forbidden`. */
export async function getExecution(
  context: Pick<Context, 'scope' | 'workflows' | 'versions' | 'executions' | 'runtime'>,
  id: ExecutionId,
): Promise<Execution> {
  requireCapability(context.scope, 'execution.read')
  if (!context.scope.capabilities.has('execution.read_payload')) throw appError('execution.payload_forbidden')
  const found = await requireExecution(context, id)
  return 'live' in found ? found.live : present(context, found.stored)
}

async function present({ versions }: Pick<Context, 'versions'>, stored: StoredExecution): Promise<Execution> {
  const { workflowId, versionId } = stored.summary
  const version = await versions.find(workflowId, versionId)
  if (version === undefined) throw appError('version.not_found')
  return toStoredExecution(stored, version.graph)
}
