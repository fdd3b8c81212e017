import type { Page } from '#contract/error.ts'
import type { Team, TeamWithMembers } from '#contract/team.ts'
import { client } from './client.ts'

/** The teams that one sees; of a `member` those of them that they are in. */
export async function listTeams(
  filter: { member?: string | undefined } = {},
  signal?: AbortSignal,
): Promise<readonly Team[]> {
  const { items } = await client.request<Page<Team>>('/teams', { query: filter, signal })
  return items
}

/** Throws `team.not_found`, also where one does not see it. */
export function getTeam(id: string, signal?: AbortSignal): Promise<TeamWithMembers> {
  return client.request(at(id), { signal })
}

/** Throws `team.exists` and `team.too_many`. */
export function createTeam(name: string): Promise<TeamWithMembers> {
  return client.request('/teams', { method: 'POST', body: { name } })
}

/** Throws `team.exists`. */
export function renameTeam(id: string, name: string): Promise<Team> {
  return client.request(at(id), { method: 'PATCH', body: { name } })
}

export function deleteTeam(id: string): Promise<Team> {
  return client.request(at(id), { method: 'DELETE' })
}

/** Who is in it already stays. */
export function addTeamMember(id: string, userId: string): Promise<TeamWithMembers> {
  return client.request(`${at(id)}/members/${encodeURIComponent(userId)}`, { method: 'PUT' })
}

/** Takes somebody out, or leaves by one's own id. */
export function removeTeamMember(id: string, userId: string): Promise<TeamWithMembers> {
  return client.request(`${at(id)}/members/${encodeURIComponent(userId)}`, { method: 'DELETE' })
}

function at(id: string): string {
  return `/teams/${encodeURIComponent(id)}`
}
