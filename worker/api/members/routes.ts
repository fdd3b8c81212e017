import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import { UserId } from '../../contract/id.ts'
import { ChangeMemberRequest, Member } from '../../contract/member.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Members']
const params = z.strictObject({ userId: UserId })

export const listMembersRoute = createRoute({
  operationId: 'listMembers',
  method: 'get',
  path: '/members',
  tags,
  summary: 'List members',
  description: 'Everybody who belongs to the organization, with their role and how far they see.',
  responses: { 200: json(page(Member), 'The members, the first joined first.'), ...errors() },
})

export const changeMemberRoute = createRoute({
  operationId: 'changeMember',
  method: 'patch',
  path: '/members/{userId}',
  tags,
  summary: 'Change a member’s role or sight',
  description:
    'Gives a member another role, or the sight of their teams or of the whole organization, beyond their role’s own; `null` takes it back. Sight stays when the role changes. Nobody gives or changes a role that may do more than they, and the last owner stays one. Invitations that the member made, to roles they may not give any more, end.',
  request: { params, body: jsonBody(ChangeMemberRequest) },
  responses: {
    200: json(Member, 'The member as they are now.'),
    ...errors('member.not_found', 'member.oneself', 'member.last_owner'),
  },
})

export const removeMemberRoute = createRoute({
  operationId: 'removeMember',
  method: 'delete',
  path: '/members/{userId}',
  tags,
  summary: 'Remove a member, or leave',
  description:
    'Whoever signed in may leave by their own id; anybody else is removed by those who manage members, and nobody by somebody who may do less. Their API keys and the invitations they made end with it. What they made stays. The last owner cannot go.',
  request: { params },
  responses: {
    200: json(Member, 'The member as they were.'),
    ...errors('member.not_found', 'member.last_owner'),
  },
})
