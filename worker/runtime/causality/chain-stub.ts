import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { chainName } from '../names.ts'
import type { ChainObject } from './chain-object.ts'

/** A fresh stub of what counts in a chain: one that threw once may stay broken. */
export function chainOf(env: Env, organizationId: OrganizationId, root: string): DurableObjectStub<ChainObject> {
  return env.CHAINS.getByName(chainName(organizationId, root))
}
