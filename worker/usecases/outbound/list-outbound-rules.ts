import type { OutboundRule } from '../../contract/outbound.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The rules for hosts, by host. Whoever may read workflows may read how fast they call. */
export async function listOutboundRules({
  scope,
  outbound,
}: Pick<Context, 'scope' | 'outbound'>): Promise<OutboundRule[]> {
  requireCapability(scope, 'workflow.read')
  return outbound.listRules()
}
