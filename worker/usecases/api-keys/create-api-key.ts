import type { CreateApiKeyRequest, CreatedApiKey } from '../../contract/api-key.ts'
import { apiKeyPrefix, newApiKeySecret } from '../../tenancy/api-key-secret.ts'
import { secretHash } from '../../lib/secret-text.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { newId } from '../../lib/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

const maxLifetimeMs = 365 * 24 * 3_600_000

/**
 * Makes a key that may do no more than its maker. The secret is shown in this answer and never again. It lives for a
 * year at most. Throws `auth.forbidden` when a scope is not the maker's to give.
 */
export async function createApiKey(
  { scope, apiKeys, now }: Pick<Context, 'scope' | 'apiKeys' | 'now'>,
  { name, scopes, expiresAt }: CreateApiKeyRequest,
  secret: string = newApiKeySecret(),
): Promise<CreatedApiKey> {
  requireCapability(scope, 'api_key.manage')
  for (const wanted of scopes) requireCapability(scope, wanted)

  const at = now()
  const latest = at.getTime() + maxLifetimeMs
  const end = expiresAt === undefined ? latest : Date.parse(expiresAt)
  if (end <= at.getTime() || end > latest) {
    const problem = { path: 'expiresAt', message: 'must be in the future, and within a year' }
    throw invalidRequest([problem])
  }
  const key = await apiKeys.create({
    id: newId('apiKey', at.getTime()),
    hash: secretHash(secret),
    prefix: apiKeyPrefix(secret),
    name,
    scopes: [...new Set(scopes)],
    at,
    expiresAt: new Date(end),
  })
  return { ...key, secret }
}
