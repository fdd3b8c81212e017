import type { Sight } from '#contract/member.ts'
import type { Team } from '#contract/team.ts'
import type { Visibility } from '#contract/workflow.ts'

/** Whose something is, as the one who reads says it. */
export interface Owner {
  /** Whether the reader is the one. */
  isMe: boolean
  /** What they are to it where the reader is not: “maker”. */
  called: string
  /** There is none. */
  isNobody: boolean
}

interface Choice {
  value: Visibility
  label: string
  detail: string
}

/** Who may see something, to choose from. `teams` are its owner's; undefined while they are on their way. */
export function visibilityChoices(owner: Owner, teams: readonly Pick<Team, 'name'>[] | undefined): Choice[] {
  const named = teams === undefined ? 'whoever is in them' : listed(teams)
  return [
    {
      value: 'own',
      label: owner.isMe ? 'Only you' : `Only its ${owner.called}`,
      detail: 'and who sees everything here',
    },
    {
      value: 'team',
      label: owner.isMe ? 'Your teams' : `The teams of its ${owner.called}`,
      detail: teams?.length === 0 ? noneWords(owner) : named,
    },
    { value: 'organization', label: 'Everybody here', detail: 'all members of the organization' },
  ]
}

/** Which teams `team` means, in a sentence. */
export function teamsMeant(owner: Owner, teams: readonly Pick<Team, 'name'>[]): string {
  const whose = owner.isMe ? 'you are in' : `its ${owner.called} is in`
  return `Everybody in ${listed(teams)}, and in the teams that ${whose} later.`
}

/** That nobody is meant by `team`, and what is to be done, by whoever may. */
export function noTeamMeant(owner: Owner, manages: boolean): string {
  const nobody = `${capital(noneWords(owner))}, so this shares it with nobody yet.`
  if (owner.isNobody) return nobody
  if (manages) return `${nobody} Put ${owner.isMe ? 'yourself' : 'them'} into one under Settings → Teams.`
  return `${nobody} Owners and administrators put people into teams.`
}

/**
 * Whether somebody who chooses this would not see it any more themselves. `shared` is how many teams they are in with its
 * owner, as far as their sight does not reach beyond.
 */
export function losesSight(sight: Sight, owner: Owner, value: Visibility, shared: number): boolean {
  if (owner.isMe || sight === 'organization' || value === 'organization') return false
  return shared === 0 || (value === 'own' && sight === 'own')
}

function noneWords({ isMe, called, isNobody }: Owner): string {
  if (isNobody) return `it has no ${called}`
  return isMe ? 'you are in no team' : `its ${called} is in no team`
}

function listed(teams: readonly Pick<Team, 'name'>[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(teams.map(({ name }) => name))
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
