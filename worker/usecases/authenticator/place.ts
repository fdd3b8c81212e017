import type { UserId } from '../../contract/id.ts'
import type { SecretPlace } from '../../vault/index.ts'

/** Where a person's secret belongs: to them, whatever organizations they are in. */
export function placeOf(userId: UserId): SecretPlace {
  return { organizationId: 'people', kind: 'authenticator', id: userId, field: 'secret' }
}
