import type { Page } from '#contract/error.ts'
import type { CreatedInvitation, Invitation, InviteRequest, LinkedInvitation } from '#contract/invitation.ts'
import { client } from './client.ts'

/** The open invitations of the organization, without their links. */
export async function listInvitations(signal?: AbortSignal): Promise<readonly Invitation[]> {
  const { items } = await client.request<Page<Invitation>>('/invitations', { signal })
  return items
}

/** The answer holds the link, which nothing can show again. */
export function invite(body: InviteRequest): Promise<CreatedInvitation> {
  return client.request('/invitations', { method: 'POST', body })
}

/** A new link, shown in this answer only; the one before opens nothing any more. */
export function renewInvitation(id: string): Promise<CreatedInvitation> {
  return client.request(`/invitations/${id}/renew`, { method: 'POST', body: {} })
}

export function revokeInvitation(id: string): Promise<Invitation> {
  return client.request(`/invitations/${id}`, { method: 'DELETE' })
}

/** What an invitation is for, by what its link carries. Throws `invitation.not_found`. */
export function lookAtInvitation(token: string, signal?: AbortSignal): Promise<LinkedInvitation> {
  return client.request('/invitations/look', { method: 'POST', body: { token }, signal, anywhere: true })
}

/** Makes whoever is signed in a member. Throws `invitation.closed`, `invitation.expired`, `invitation.other_address`. */
export function acceptInvitation(token: string): Promise<LinkedInvitation> {
  return client.request('/invitations/accept', { method: 'POST', body: { token }, anywhere: true })
}

/** Ends the invitation; whoever has its link needs no account for that. */
export function declineInvitation(token: string): Promise<LinkedInvitation> {
  return client.request('/invitations/decline', { method: 'POST', body: { token }, anywhere: true })
}
