import type { Team } from '#contract/team.ts'

/** How many people are in a team, in words. */
export function sizeWords({ memberCount }: Pick<Team, 'memberCount'>): string {
  if (memberCount === 0) return 'Nobody is in it yet'
  return memberCount === 1 ? '1 member' : `${memberCount} members`
}
