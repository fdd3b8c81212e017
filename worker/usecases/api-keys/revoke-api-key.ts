import type { ApiKey } from '../../contract/api-key.ts'
import type { ApiKeyId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Ends a key for good; it opens nothing more within a few seconds. Throws `api_key.not_found`. */
export async function revokeApiKey(
  { scope, apiKeys, now }: Pick<Context, 'scope' | 'apiKeys' | 'now'>,
  id: ApiKeyId,
): Promise<ApiKey> {
  requireCapability(scope, 'api_key.manage')
  const key = await apiKeys.revoke(id, now())
  if (key === undefined) throw appError('api_key.not_found')
  return key
}
