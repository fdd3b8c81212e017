import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { OrganizationDefaults, SetDefaultsRequest } from '../../contract/defaults.ts'
import { NeededIfMatch } from '../headers.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Organization']
const etag = { headers: z.object({ ETag: z.string().meta({ description: 'The revision of the defaults.' }) }) }

export const getDefaultsRoute = createRoute({
  operationId: 'getDefaults',
  method: 'get',
  path: '/defaults',
  tags,
  summary: 'Read what holds in all workflows',
  description: 'When failed calls are tried again, in workflows and steps that do not say otherwise.',
  responses: { 200: { ...json(OrganizationDefaults, 'The defaults.'), ...etag }, ...errors() },
})

export const setDefaultsRoute = createRoute({
  operationId: 'setDefaults',
  method: 'put',
  path: '/defaults',
  tags,
  summary: 'Set what holds in all workflows',
  description:
    'Replaces all of it. A step’s own policy goes before its workflow’s, and that before this one, part by part. ' +
    'Executions that begin from then on go by it; those under way keep what they had.',
  request: { headers: NeededIfMatch, body: jsonBody(SetDefaultsRequest) },
  responses: {
    200: { ...json(OrganizationDefaults, 'The defaults as they were saved.'), ...etag },
    ...errors('defaults.conflict', 'request.precondition_required'),
  },
})
