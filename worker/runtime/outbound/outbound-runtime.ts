import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import type { OutboundRuntime } from '../../usecases/outbound/ports.ts'
import { outboundObjectOf } from './outbound-stub.ts'

/** Good for as long as the isolate lives. Throws `service.unavailable` when the host's object cannot be reached. */
export function createOutboundRuntime(env: Env): OutboundRuntime {
  return {
    async closeBreaker(organizationId, host) {
      try {
        return await outboundObjectOf(env, { organizationId, host }).close(organizationId)
      } catch (cause) {
        throw appError('service.unavailable', { cause })
      }
    },
  }
}
