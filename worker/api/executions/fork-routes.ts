import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { ForkedExecution, ForkRequest, ForkTree } from '../../contract/fork.ts'
import { ExecutionId } from '../../contract/id.ts'
import { IdempotencyKey } from '../headers.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Executions']
const params = z.strictObject({ executionId: ExecutionId })

export const forkExecutionRoute = createRoute({
  operationId: 'forkExecution',
  method: 'post',
  path: '/executions/{executionId}/fork',
  tags,
  summary: 'Execute again from a step',
  description:
    'As an execution of its own: what lies before the step is kept and not done again. With data edited, with another ' +
    'version, and with effects that are real or only pretended; a pretended fork has ended when this answers.',
  request: { params, headers: IdempotencyKey, body: jsonBody(ForkRequest) },
  responses: {
    200: json(ForkedExecution, 'The pretended fork has ended.'),
    202: json(ForkedExecution, 'The fork is durable, and goes on.'),
    ...errors(
      'execution.not_found',
      'execution.payload_forbidden',
      'execution.step_unknown',
      'execution.not_forkable',
      'execution.version_misfit',
      'execution.pretended',
      'execution.loop_detected',
      'version.not_found',
      'workflow.not_published',
      'workflow.archived',
      'hook.conflict',
      'request.too_large',
      'service.unavailable',
    ),
  },
})

export const getForkTreeRoute = createRoute({
  operationId: 'getForkTree',
  method: 'get',
  path: '/executions/{executionId}/tree',
  tags,
  summary: 'Read the tree of forks',
  description: 'The execution that was forked first and all forks, oldest first: of which, from which step, by whom.',
  request: { params },
  responses: { 200: json(ForkTree, 'The tree the execution is in.'), ...errors('execution.not_found') },
})
