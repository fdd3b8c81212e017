import type { TeamId, UserId } from '../contract/id.ts'
import type { Visibility } from '../contract/workflow.ts'
import type { Scope } from './scope.ts'

/** What the rule needs to know of a workflow: who made it, whom they share it with, and the maker's teams. */
export interface Owned {
  createdBy: UserId
  visibility: Visibility
  makerTeamIds: readonly TeamId[]
}

/**
 * Whether a caller sees what someone of their organization made: what they made themselves, what was shared with
 * them, and as far as their sight reaches. `store/visible-to.ts` says the same in SQL, for lists and for single reads.
 */
export function isVisible(scope: Scope, owned: Owned): boolean {
  if (scope.sight === 'organization' || owned.visibility === 'organization') return true
  if (owned.createdBy === scope.userId) return true
  if (scope.sight !== 'team' && owned.visibility !== 'team') return false
  return owned.makerTeamIds.some((teamId) => scope.teamIds.includes(teamId))
}
