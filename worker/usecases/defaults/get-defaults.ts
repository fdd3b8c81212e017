import type { OrganizationDefaults } from '../../contract/defaults.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** What holds in workflows that do not say otherwise. Whoever may read workflows may read what they go by. */
export async function getDefaults({
  scope,
  defaults,
}: Pick<Context, 'scope' | 'defaults'>): Promise<OrganizationDefaults> {
  requireCapability(scope, 'workflow.read')
  return defaults.find()
}
