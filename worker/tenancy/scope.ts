// scope
//
// Proof that a caller was admitted to an organization. Stores are built from a scope, so a query without an
// organization does not compile.
//
//   S1. A scope is made by the functions of this file and by nothing else: the brand is not exported.
//   S2. Its organization comes from a membership that was read from storage, never from what the caller sent.
//   S3. A key never carries more than its maker may do now: its scopes are met with the maker's role at every use.

import type { ApiKeyId, OrganizationId, TeamId, UserId } from '../contract/id.ts'
import type { Capability, Role, Sight } from '../contract/member.ts'
import { appError } from '../lib/app-error.ts'
import { capabilitiesOf, sightOf } from './roles.ts'

declare const admitted: unique symbol

export interface Scope {
  readonly [admitted]: true
  readonly organizationId: OrganizationId
  readonly userId: UserId
  readonly role: Role
  readonly capabilities: ReadonlySet<Capability>
  readonly sight: Sight
  /** The member's teams in this organization. */
  readonly teamIds: readonly TeamId[]
  readonly via: 'session' | 'api_key'
  readonly apiKeyId: ApiKeyId | undefined
}

/** A member as storage knows them. `sight` is what was granted beyond the role's own; null for nothing. */
export interface Membership {
  organizationId: OrganizationId
  userId: UserId
  role: Role
  sight: Sight | null
  teamIds: readonly TeamId[]
}

/** Admits a member who holds a valid session. */
export function admitMember(membership: Membership): Scope {
  return scopeOf(membership, { capabilities: capabilitiesOf(membership.role), via: 'session', apiKeyId: undefined })
}

/** Admits the bearer of an API key that `membership`'s user made, with no more than key and maker both allow. */
export function admitApiKey(membership: Membership, key: { id: ApiKeyId; scopes: readonly Capability[] }): Scope {
  const makerMay = capabilitiesOf(membership.role)
  const capabilities = new Set(key.scopes.filter((scope) => makerMay.has(scope)))
  return scopeOf(membership, { capabilities, via: 'api_key', apiKeyId: key.id })
}

function scopeOf(
  { organizationId, userId, role, sight, teamIds }: Membership,
  by: Pick<Scope, 'capabilities' | 'via' | 'apiKeyId'>,
): Scope {
  return { organizationId, userId, role, sight: sightOf(role, sight), teamIds, ...by } as Scope
}

/** Throws `auth.forbidden`, naming the capability, unless the caller has it. */
export function requireCapability(scope: Scope, capability: Capability): void {
  if (!scope.capabilities.has(capability)) {
    const whoHasNot = scope.via === 'api_key' ? 'this API key, or whoever made it, does' : `the role ${scope.role} does`
    throw appError('auth.forbidden', {
      message: `This needs ${capability}, which ${whoHasNot} not have in this organization.`,
      details: { needs: capability },
    })
  }
}
