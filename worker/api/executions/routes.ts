import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import { EffectLedger } from '../../contract/effect.ts'
import { CancelRequest, Execution, ExecutionListQuery, ExecutionSummary } from '../../contract/execution.ts'
import { ExecutionId } from '../../contract/id.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Executions']
const params = z.strictObject({ executionId: ExecutionId })
const Accepted = z.strictObject({ id: ExecutionId })

export const listExecutionsRoute = createRoute({
  method: 'get',
  path: '/executions',
  tags,
  summary: 'List executions',
  description: 'Newest first. All filters must hold. A new execution is in the list within about a second.',
  request: { query: ExecutionListQuery },
  responses: { 200: json(page(ExecutionSummary), 'A page of executions.'), ...errors() },
})

export const getExecutionRoute = createRoute({
  method: 'get',
  path: '/executions/{executionId}',
  tags,
  summary: 'Read an execution',
  description: 'With its steps in the order they began, and the graph it runs on.',
  request: { params },
  responses: {
    200: json(Execution, 'The execution as it stands.'),
    ...errors('execution.not_found', 'execution.payload_forbidden'),
  },
})

export const listEffectsRoute = createRoute({
  method: 'get',
  path: '/executions/{executionId}/effects',
  tags,
  summary: 'List what an execution did outside',
  description:
    'Each effect with where it was sent, under which key, each attempt and what came back. `kept` marks what a later try of the execution did not repeat.',
  request: { params },
  responses: {
    200: json(EffectLedger, 'The ledger as it stands.'),
    ...errors('execution.not_found', 'execution.payload_forbidden'),
  },
})

export const cancelExecutionRoute = createRoute({
  method: 'post',
  path: '/executions/{executionId}/cancel',
  tags,
  summary: 'Cancel an execution',
  description: 'When this answers, the cancellation is recorded and no further step starts.',
  request: { params, body: jsonBody(CancelRequest) },
  responses: {
    202: json(Accepted, 'The cancellation is recorded.'),
    ...errors('execution.not_found', 'execution.finished'),
  },
})

export const retryExecutionRoute = createRoute({
  method: 'post',
  path: '/executions/{executionId}/retry',
  tags,
  summary: 'Retry a failed execution',
  description: 'From its failed steps on; what is finished is kept and not repeated.',
  request: { params },
  responses: {
    202: json(Accepted, 'The execution goes on.'),
    ...errors('execution.not_found', 'execution.not_finished', 'execution.finished'),
  },
})
