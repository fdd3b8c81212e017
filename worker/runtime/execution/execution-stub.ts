import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import type { ExecutionObject } from './execution-object.ts'
import { executionName } from '../names.ts'

/** A fresh stub of an execution's object: one that threw once may stay broken. */
export function executionOf(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
): DurableObjectStub<ExecutionObject> {
  return env.EXECUTIONS.getByName(executionName(organizationId, id))
}
