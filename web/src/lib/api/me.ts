import type { CurrentMember } from '#contract/member.ts'
import { client } from './client.ts'

/** Who is signed in, where, and what they may do. */
export function getMe(signal?: AbortSignal): Promise<CurrentMember> {
  return client.request('/me', { signal, anywhere: true })
}
