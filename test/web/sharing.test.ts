import { describe, expect, test } from 'vitest'
import { losesSight, noTeamMeant, teamsMeant, visibilityChoices } from '#lib/sharing/visibility-words.ts'
import { Sight } from '#contract/member.ts'
import { Visibility } from '#contract/workflow.ts'
import { sizeWords } from '#lib/settings/team-words.ts'

const mine = { isMe: true, called: 'maker', isNobody: false }
const theirs = { isMe: false, called: 'maker', isNobody: false }
const nobodys = { isMe: false, called: 'owner', isNobody: true }
const teams = [{ name: 'Sales' }, { name: 'Support' }, { name: 'Field' }]

const teamDetail = (...given: Parameters<typeof visibilityChoices>) =>
  visibilityChoices(...given).find(({ value }) => value === 'team')?.detail

describe('who sees something', () => {
  test('is chosen among all that there is', () => {
    expect(visibilityChoices(mine, []).map(({ value }) => value)).toEqual(Visibility.options)
  })

  test('by their teams is said with the teams’ names, or that there is none', () => {
    expect(teamDetail(mine, teams)).toBe('Sales, Support, and Field')
    expect(teamDetail(mine, [])).toBe('you are in no team')
    expect(teamDetail(theirs, [])).toBe('its maker is in no team')
    expect(teamDetail(nobodys, [])).toBe('it has no owner')
    // On their way they are neither there nor not.
    expect(teamDetail(mine, undefined)).toBe('whoever is in them')
  })

  test('is in the words of whoever reads it', () => {
    expect(visibilityChoices(mine, teams).map(({ label }) => label)).toEqual([
      'Only you',
      'Your teams',
      'Everybody here',
    ])
    expect(visibilityChoices(theirs, teams)[1]?.label).toBe('The teams of its maker')
    expect(teamsMeant(mine, teams.slice(0, 2))).toBe(
      'Everybody in Sales and Support, and in the teams that you are in later.',
    )
    expect(teamsMeant(theirs, teams.slice(0, 1))).toContain('its maker is in later')
  })

  test('says what to do where no team is meant, by whoever may do it', () => {
    expect(noTeamMeant(mine, true)).toBe(
      'You are in no team, so this shares it with nobody yet. Put yourself into one under Settings → Teams.',
    )
    expect(noTeamMeant(theirs, true)).toContain('Put them into one')
    expect(noTeamMeant(mine, false)).toContain('Owners and administrators put people into teams.')
    expect(noTeamMeant(nobodys, true)).toBe('It has no owner, so this shares it with nobody yet.')
  })
})

test('whoever shares what is not theirs is warned where they would not see it any more', () => {
  const warned = (...given: [Parameters<typeof losesSight>[0], typeof mine, number]) =>
    Visibility.options.filter((value) => losesSight(given[0], given[1], value, given[2]))
  for (const sight of Sight.options) expect(warned(sight, mine, 0)).toEqual([])
  expect(warned('organization', theirs, 0)).toEqual([])
  expect(warned('own', theirs, 1)).toEqual(['own'])
  expect(warned('own', theirs, 0)).toEqual(['own', 'team'])
  expect(warned('team', theirs, 1)).toEqual([])
  expect(warned('team', theirs, 0)).toEqual(['own', 'team'])
})

test('how many are in a team is said in words', () => {
  expect([0, 1, 2].map((memberCount) => sizeWords({ memberCount }))).toEqual([
    'Nobody is in it yet',
    '1 member',
    '2 members',
  ])
})
