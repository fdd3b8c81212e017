import type { ApiKey } from '../../contract/api-key.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The caller's own keys, or all of the organization's for whoever sees all of it. Never a secret. */
export async function listApiKeys({ scope, apiKeys }: Pick<Context, 'scope' | 'apiKeys'>): Promise<ApiKey[]> {
  requireCapability(scope, 'api_key.manage')
  return apiKeys.list()
}
