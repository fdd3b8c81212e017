import type { Env } from '../../env.ts'
import { findNodeType } from '../../nodes/registry.ts'
import type { RealCall } from '../../usecases/ports.ts'
import { testContactActions } from '../contact/contact-actions.ts'
import { isolateOf } from '../isolate.ts'
import { performInvocation, type PerformResult } from '../calls/perform-invocation.ts'

/**
 * Makes one call of a test, once, through the same door as all calls. Its key is of the test alone and begins with
 * `tst_`, so no execution's effect is ever taken for it.
 */
export async function performTestCall(env: Env, call: RealCall): Promise<PerformResult> {
  const { egress, vault } = isolateOf(env)
  const { organizationId, executionId, nodeType, invocation, cancelled } = call
  const { generation, path } = invocation
  const key = await vault.idempotencyKey({ organizationId, executionId, generation, path })
  return performInvocation({
    invocation,
    definition: findNodeType(nodeType),
    idempotencyKey: key.replace(/^fx_/, 'tst_'),
    fetch: egress,
    contacts: testContactActions(env, organizationId),
    cancelled,
  })
}
