import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { UserId } from '../../contract/id.ts'
import { ChangeMemberRequest, Member } from '../../contract/member.ts'
import { errors, json, jsonBody } from '../respond.ts'

export const changeMemberRoute = createRoute({
  method: 'patch',
  path: '/members/{userId}',
  tags: ['Members'],
  summary: 'Change how far a member sees',
  description:
    'Gives a member the sight of their teams or of the whole organization, beyond their role’s own; `null` takes it back. It stays when their role changes. Members are invited, removed and given roles at `/api/auth/organization/…`, and their teams too.',
  request: { params: z.strictObject({ userId: UserId }), body: jsonBody(ChangeMemberRequest) },
  responses: {
    200: json(Member, 'The member as they are now.'),
    ...errors('member.not_found', 'member.oneself'),
  },
})
