import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Lets calls to a host through again at once, whatever it was. Those that wait go on within seconds. Throws
 * `breaker.not_open`.
 */
export async function closeBreaker(
  { scope, outboundRuntime, recordDeed }: Pick<Context, 'scope' | 'outboundRuntime' | 'recordDeed'>,
  host: string,
): Promise<{ host: string }> {
  requireCapability(scope, 'outbound.manage')
  if (!(await outboundRuntime.closeBreaker(scope.organizationId, host))) throw appError('breaker.not_open')
  await recordDeed({ action: 'breaker.closed', targetId: host, details: { byHand: true } })
  return { host }
}
