import type { TeamId, UserId } from '../../worker/contract/id.ts'
import type { Visibility } from '../../worker/contract/workflow.ts'
import type { Scope } from '../../worker/tenancy/scope.ts'

/** What the rule needs to know of a workflow: who made it, whom they share it with, and the maker's teams. */
interface Owned {
  createdBy: UserId
  visibility: Visibility
  makerTeamIds: readonly TeamId[]
}

/**
 * True when a caller sees what someone of their organization made: what they made themselves, what was shared with
 * them, and as far as their sight reaches. The rule that counts is SQL (`worker/store/visible-to.ts`); this is a second
 * writing of it, from the documentation, for tests to hold it to.
 */
export function isVisible(scope: Scope, owned: Owned): boolean {
  if (scope.sight === 'organization' || owned.visibility === 'organization') return true
  if (owned.createdBy === scope.userId) return true
  if (scope.sight !== 'team' && owned.visibility !== 'team') return false
  return owned.makerTeamIds.some((teamId) => scope.teamIds.includes(teamId))
}
