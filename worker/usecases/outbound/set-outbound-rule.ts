import type { OutboundRule, SetOutboundRuleRequest } from '../../contract/outbound.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Says how a host is called; the last to say so is right. Holds within ten seconds. Throws `outbound_rule.too_many`. */
export async function setOutboundRule(
  { scope, outbound, now }: Pick<Context, 'scope' | 'outbound' | 'now'>,
  { host, ...rule }: SetOutboundRuleRequest,
): Promise<OutboundRule> {
  requireCapability(scope, 'outbound.manage')
  const set = await outbound.setRule(host, rule, now())
  if (set === undefined) throw appError('outbound_rule.too_many')
  return set
}
