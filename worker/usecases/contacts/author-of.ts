import type { Author } from '../../contract/cause.ts'
import type { Scope } from '../../tenancy/scope.ts'

/** The caller, as the author of what they do. */
export function authorOf({ userId, apiKeyId }: Scope): Author {
  return apiKeyId === undefined ? { kind: 'member', userId } : { kind: 'apiKey', userId, apiKeyId }
}
