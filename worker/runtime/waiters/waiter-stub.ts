import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { waitersName } from '../names.ts'
import type { WaiterObject } from './waiter-object.ts'

/** Who waits for events about a contact; or, with null, for events of the organization whomever they are about. */
export function waitersOf(
  env: Env,
  organizationId: OrganizationId,
  contact: string | null,
): DurableObjectStub<WaiterObject> {
  return env.WAITERS.getByName(waitersName(organizationId, contact))
}
