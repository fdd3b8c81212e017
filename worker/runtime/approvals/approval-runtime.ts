import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import type { ApprovalRuntime } from '../../usecases/approvals/ports.ts'
import { executionOf } from '../execution/execution-stub.ts'

/** Good for as long as the isolate lives. Throws `service.unavailable` when the execution cannot be reached. */
export function createApprovalRuntime(env: Env): ApprovalRuntime {
  return {
    async decide(organizationId, { executionId, ...ballot }) {
      const text = JSON.stringify(ballot)
      try {
        return await executionOf(env, organizationId, executionId).decide(organizationId, text)
      } catch (cause) {
        throw appError('service.unavailable', { cause })
      }
    },
  }
}
