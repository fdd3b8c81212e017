// giving
//
// Who may make somebody what. It follows from the one table of capabilities: nobody gives, changes or takes away a role
// that may do more than they may.

import { Role, type Capability } from '../contract/member.ts'
import { appError } from '../lib/app-error.ts'
import { capabilitiesOf } from './roles.ts'
import type { Scope } from './scope.ts'

/** Whether somebody with these capabilities may give a role: one that may do nothing that they may not. */
export function mayGive(capabilities: ReadonlySet<Capability>, role: Role): boolean {
  return capabilities.has('member.manage') && lacking(capabilities, role) === undefined
}

/** The roles that somebody with these capabilities may give. */
export function rolesToGive(capabilities: ReadonlySet<Capability>): Role[] {
  return Role.options.filter((role) => mayGive(capabilities, role))
}

/** The roles whose members may give a role. */
export function rolesThatGive(role: Role): Role[] {
  return Role.options.filter((giver) => mayGive(capabilitiesOf(giver), role))
}

/** The roles that decide about the organization itself: one of its members always has one of them. */
export const rulingRoles: readonly Role[] = Role.options.filter((role) =>
  capabilitiesOf(role).has('organization.manage'),
)

/**
 * Throws `auth.forbidden`, naming the capability that is missing, unless the caller may give the role. `about` is whom it
 * was for, as the audit is to tell it.
 */
export function requireMayGive(scope: Scope, role: Role, about: Record<string, string>): void {
  refuseLack(mayGive(scope.capabilities, role) ? undefined : lackingToGive(scope.capabilities, role), about)
}

/**
 * As `requireMayGive`, for changing or removing a member of a role: theirs may be none above the caller's. A key that may
 * manage members may do it with whom its maker may, without the other capabilities of their role.
 */
export function requireNotAbove(scope: Scope, role: Role, about: Record<string, string>): void {
  refuseLack(lacking(capabilitiesOf(scope.role), role), about)
}

function lackingToGive(capabilities: ReadonlySet<Capability>, role: Role): Capability {
  return lacking(capabilities, role) ?? 'member.manage'
}

function lacking(capabilities: ReadonlySet<Capability>, role: Role): Capability | undefined {
  return [...capabilitiesOf(role)].find((capability) => !capabilities.has(capability))
}

function refuseLack(needs: Capability | undefined, about: Record<string, string>): void {
  if (needs !== undefined) throw appError('auth.forbidden', { details: { needs, ...about } })
}
