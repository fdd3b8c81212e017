import type { ChangeMemberRequest, Member } from '#contract/member.ts'
import { client } from './client.ts'

/** Changes how far a member sees. Throws `member.oneself` for one's own. */
export function changeMember(userId: string, body: ChangeMemberRequest): Promise<Member> {
  return client.request(`/members/${userId}`, { method: 'PATCH', body })
}
