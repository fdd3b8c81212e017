import type { OutboundTrouble } from '../../contract/outbound.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Hosts from which calls are held back now, the longest troubled first. */
export async function listOutboundTroubles({
  scope,
  outbound,
}: Pick<Context, 'scope' | 'outbound'>): Promise<OutboundTrouble[]> {
  requireCapability(scope, 'workflow.read')
  return outbound.listTroubles()
}
