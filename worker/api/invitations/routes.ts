import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import { InvitationId } from '../../contract/id.ts'
import {
  CreatedInvitation,
  Invitation,
  InvitationTokenRequest,
  InviteRequest,
  LinkedInvitation,
} from '../../contract/invitation.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Invitations']
const params = z.strictObject({ invitationId: InvitationId })

export const listInvitationsRoute = createRoute({
  operationId: 'listInvitations',
  method: 'get',
  path: '/invitations',
  tags,
  summary: 'List open invitations',
  description: 'Expired ones are among them until they are renewed or revoked. Never with their links.',
  responses: { 200: json(page(Invitation), 'The invitations, newest first.'), ...errors() },
})

export const inviteRoute = createRoute({
  operationId: 'inviteMember',
  method: 'post',
  path: '/invitations',
  tags,
  summary: 'Invite somebody',
  description:
    'To a role that may do no more than the caller, for a week. Leat sends no mail: pass the link on yourself. It is in this answer only, and is good for an account with that e-mail address, once. An open invitation for the same address ends.',
  request: { body: jsonBody(InviteRequest) },
  responses: {
    201: json(CreatedInvitation, 'The invitation, with its link: this once.'),
    ...errors('member.exists', 'invitation.too_many'),
  },
})

export const renewInvitationRoute = createRoute({
  operationId: 'renewInvitation',
  method: 'post',
  path: '/invitations/{invitationId}/renew',
  tags,
  summary: 'Make a new link',
  description: 'For another week. The link before opens nothing any more, and the caller answers for the invitation.',
  request: { params },
  responses: {
    200: json(CreatedInvitation, 'The invitation, with its link: this once.'),
    ...errors('invitation.not_found'),
  },
})

export const revokeInvitationRoute = createRoute({
  operationId: 'revokeInvitation',
  method: 'delete',
  path: '/invitations/{invitationId}',
  tags,
  summary: 'Revoke an invitation',
  description: 'For good: its link opens nothing any more.',
  request: { params },
  responses: { 200: json(Invitation, 'The invitation as it was.'), ...errors('invitation.not_found') },
})

const body = jsonBody(InvitationTokenRequest)

export const lookAtInvitationRoute = createRoute({
  operationId: 'lookAtInvitation',
  method: 'post',
  path: '/invitations/look',
  tags,
  summary: 'What an invitation is for',
  description: 'For whoever has its link, signed in or not: `token` is what stands behind the link’s `#`.',
  security: [],
  request: { body },
  responses: { 200: json(LinkedInvitation, 'The invitation.'), ...errors('invitation.not_found') },
})

export const declineInvitationRoute = createRoute({
  operationId: 'declineInvitation',
  method: 'post',
  path: '/invitations/decline',
  tags,
  summary: 'Decline an invitation',
  description: 'For whoever has its link, signed in or not.',
  security: [],
  request: { body },
  responses: {
    200: json(LinkedInvitation, 'The invitation as it is now.'),
    ...errors('invitation.not_found', 'invitation.expired', 'invitation.closed'),
  },
})

export const acceptInvitationRoute = createRoute({
  operationId: 'acceptInvitation',
  method: 'post',
  path: '/invitations/accept',
  tags,
  summary: 'Accept an invitation',
  description:
    'By somebody who signed in with the address that it is for. Their session has the organization open then.',
  request: { body },
  responses: {
    200: json(LinkedInvitation, 'The invitation as it is now.'),
    ...errors(
      'invitation.not_found',
      'invitation.other_address',
      'invitation.expired',
      'invitation.closed',
      'member.too_many',
    ),
  },
})
