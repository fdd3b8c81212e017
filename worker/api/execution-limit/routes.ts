import { createRoute } from '@hono/zod-openapi'
import { ExecutionLimit, SetExecutionLimitRequest } from '../../contract/execution-limit.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Organization']

export const getExecutionLimitRoute = createRoute({
  operationId: 'getExecutionLimit',
  method: 'get',
  path: '/execution-limit',
  tags,
  summary: 'Read how many executions go on at a time',
  responses: { 200: json(ExecutionLimit, 'What holds, and how many go on and wait.'), ...errors() },
})

export const setExecutionLimitRoute = createRoute({
  operationId: 'setExecutionLimit',
  method: 'put',
  path: '/execution-limit',
  tags,
  summary: 'Set how many executions go on at a time',
  description:
    'Over all workflows of the organization. One more than that is queued until it is its turn: workflows take turns, so ' +
    'one with many executions does not keep those of another waiting. Those that wait for a time, people or others do not ' +
    'count. Raising it lets in who waits at once.',
  request: { body: jsonBody(SetExecutionLimitRequest) },
  responses: { 200: json(ExecutionLimit, 'What holds from now on.'), ...errors('service.unavailable') },
})
