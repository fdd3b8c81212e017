import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** From then on the host is called as steps come, with a breaker. Throws `outbound_rule.not_found`. */
export async function removeOutboundRule(
  { scope, outbound }: Pick<Context, 'scope' | 'outbound'>,
  host: string,
): Promise<{ host: string }> {
  requireCapability(scope, 'outbound.manage')
  if (!(await outbound.removeRule(host))) throw appError('outbound_rule.not_found')
  return { host }
}
