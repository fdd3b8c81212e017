import { createRoute } from '@hono/zod-openapi'
import { CurrentMember } from '../../contract/member.ts'
import { errors, json } from '../respond.ts'

export const getCurrentMemberRoute = createRoute({
  operationId: 'getCurrentMember',
  method: 'get',
  path: '/me',
  tags: ['Members'],
  summary: 'Who is calling',
  description: 'The caller, their organization, and what they may do in it.',
  responses: { 200: json(CurrentMember, 'The caller.'), ...errors('auth.no_organization') },
})
