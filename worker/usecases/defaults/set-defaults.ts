import type { OrganizationDefaults, SetDefaultsRequest } from '../../contract/defaults.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Sets what holds in workflows that do not say otherwise, as it was edited from `revision`. Executions that begin from
 * now on go by it. Throws `defaults.conflict` with the present revision when somebody else was faster.
 */
export async function setDefaults(
  { scope, defaults, now }: Pick<Context, 'scope' | 'defaults' | 'now'>,
  revision: number,
  { retry }: SetDefaultsRequest,
): Promise<OrganizationDefaults> {
  requireCapability(scope, 'defaults.manage')
  const set = await defaults.set(revision, retry, now())
  if (set !== undefined) return set
  throw appError('defaults.conflict', { details: { revision: (await defaults.find()).revision } })
}
