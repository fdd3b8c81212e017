import type { OrganizationId, WorkflowId } from '../../contract/id.ts'
import type { GateRef } from '../../engine/event.ts'
import type { Env } from '../../env.ts'
import { gateName } from '../names.ts'
import type { GateObject } from './gate-object.ts'

/** A fresh stub of a gate's object: one that threw once may stay broken. */
export function gateOf(
  env: Env,
  organizationId: OrganizationId,
  workflowId: WorkflowId,
  ref: GateRef,
): DurableObjectStub<GateObject> {
  return env.GATES.getByName(gateName(organizationId, workflowId, ref))
}
