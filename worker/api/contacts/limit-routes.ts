import { createRoute } from '@hono/zod-openapi'
import { ContactLimits } from '../../contract/contact-limits.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Contacts']

export const getContactLimitsRoute = createRoute({
  operationId: 'getContactLimits',
  method: 'get',
  path: '/contact-limits',
  tags,
  summary: 'Read the limits per contact',
  responses: { 200: json(ContactLimits, 'What holds; null is no limit.'), ...errors() },
})

export const setContactLimitsRoute = createRoute({
  operationId: 'setContactLimits',
  method: 'put',
  path: '/contact-limits',
  tags,
  summary: 'Set the limits per contact',
  description:
    'How many executions may begin for one contact within a time, over all workflows of the organization. Events beyond ' +
    'that begin nothing; the enrolments say so, with the reason `contact_limit`.',
  request: { body: jsonBody(ContactLimits) },
  responses: { 200: json(ContactLimits, 'What holds from now on.'), ...errors('service.unavailable') },
})
