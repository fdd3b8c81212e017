import type { Page } from '#contract/error.ts'
import type { ChangeMemberRequest, Member } from '#contract/member.ts'
import { client } from './client.ts'

/** Everybody who belongs to the organization, the first joined first. */
export async function listMembers(signal?: AbortSignal): Promise<readonly Member[]> {
  const { items } = await client.request<Page<Member>>('/members', { signal })
  return items
}

/** Changes a member's role, or how far they see. Throws `member.oneself` for one's own sight, and `member.last_owner`. */
export function changeMember(userId: string, body: ChangeMemberRequest): Promise<Member> {
  return client.request(`/members/${userId}`, { method: 'PATCH', body })
}

/** Ends somebody's membership, or one's own. Throws `member.last_owner`. */
export function removeMember(userId: string): Promise<Member> {
  return client.request(`/members/${userId}`, { method: 'DELETE' })
}
