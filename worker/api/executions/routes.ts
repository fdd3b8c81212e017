import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import { BulkExecutionsRequest, BulkExecutionsResult, JumpRequest, StepRequest } from '../../contract/control.ts'
import { EffectLedger } from '../../contract/effect.ts'
import { CancelRequest, Execution, ExecutionListQuery, ExecutionSummary } from '../../contract/execution.ts'
import { RedriveRequest } from '../../contract/fork.ts'
import { ExecutionId } from '../../contract/id.ts'
import { ExecutionProgress } from '../../contract/progress.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Executions']
const params = z.strictObject({ executionId: ExecutionId })
const Accepted = z.strictObject({ id: ExecutionId })

export const listExecutionsRoute = createRoute({
  operationId: 'listExecutions',
  method: 'get',
  path: '/executions',
  tags,
  summary: 'List executions',
  description: 'Newest first. All filters must hold. A new execution is in the list within about a second.',
  request: { query: ExecutionListQuery },
  responses: { 200: json(page(ExecutionSummary), 'A page of executions.'), ...errors() },
})

export const getExecutionRoute = createRoute({
  operationId: 'getExecution',
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
  operationId: 'listExecutionEffects',
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

export const getProgressRoute = createRoute({
  operationId: 'getExecutionProgress',
  method: 'get',
  path: '/executions/{executionId}/progress',
  tags,
  summary: 'Get how far an execution has come',
  description:
    'Steps done of those that are expected, and how long it is likely to go on, learned from executions of the workflow ' +
    'that completed. What cannot be said is null, and `note` says why.',
  request: { params },
  responses: { 200: json(ExecutionProgress, 'As it is now.'), ...errors('execution.not_found') },
})

export const cancelExecutionRoute = createRoute({
  operationId: 'cancelExecution',
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

export const pauseExecutionRoute = createRoute({
  operationId: 'pauseExecution',
  method: 'post',
  path: '/executions/{executionId}/pause',
  tags,
  summary: 'Pause an execution',
  description: 'When this answers, nothing new begins. Calls in flight end and are kept; timers keep their instants.',
  request: { params },
  responses: {
    202: json(Accepted, 'It is paused.'),
    ...errors('execution.not_found', 'execution.finished', 'execution.queued'),
  },
})

export const resumeExecutionRoute = createRoute({
  operationId: 'resumeExecution',
  method: 'post',
  path: '/executions/{executionId}/resume',
  tags,
  summary: 'Resume a paused execution',
  description: 'It goes on where it stood; what fell due meanwhile is due now.',
  request: { params },
  responses: {
    202: json(Accepted, 'It goes on.'),
    ...errors('execution.not_found', 'execution.finished', 'execution.queued'),
  },
})

export const skipStepRoute = createRoute({
  operationId: 'skipStep',
  method: 'post',
  path: '/executions/{executionId}/skip-step',
  tags,
  summary: 'Skip a step of a live execution',
  description:
    'A step that is open, or about to begin while the execution is paused, is passed through: what came in goes on. A call in flight is given up; it may have happened.',
  request: { params, body: jsonBody(StepRequest) },
  responses: {
    202: json(Accepted, 'The step is skipped.'),
    ...errors('execution.not_found', 'execution.finished', 'execution.queued', 'execution.step_gone'),
  },
})

export const retryStepRoute = createRoute({
  operationId: 'retryStep',
  method: 'post',
  path: '/executions/{executionId}/retry-step',
  tags,
  summary: 'Retry a step of a live execution now',
  description:
    'A step that waits for its retry makes it now; a call that hangs is given up and made again under the same key.',
  request: { params, body: jsonBody(StepRequest) },
  responses: {
    202: json(Accepted, 'The call is made again.'),
    ...errors(
      'execution.not_found',
      'execution.finished',
      'execution.queued',
      'execution.step_gone',
      'execution.step_idle',
    ),
  },
})

export const jumpRoute = createRoute({
  operationId: 'jumpExecution',
  method: 'post',
  path: '/executions/{executionId}/jump',
  tags,
  summary: 'Go on at another step',
  description: 'The step at `path` ends as if skipped, and the execution goes on at the node `to` instead.',
  request: { params, body: jsonBody(JumpRequest) },
  responses: {
    202: json(Accepted, 'It goes on there.'),
    ...errors(
      'execution.not_found',
      'execution.finished',
      'execution.queued',
      'execution.step_gone',
      'execution.jump_impossible',
    ),
  },
})

export const bulkExecutionsRoute = createRoute({
  operationId: 'changeExecutions',
  method: 'post',
  path: '/executions/bulk',
  tags,
  summary: 'Pause, resume, cancel or retry many executions, or move them on from a step',
  description:
    'By their ids, or by a filter as in the list; at most 100 at a time, each by itself. `skipStep`, `retryStep` and `jump` ' +
    'take those that stand at a `node`, in whichever branch or iteration, and leave the others alone.',
  request: { body: jsonBody(BulkExecutionsRequest) },
  responses: { 200: json(BulkExecutionsResult, 'What was done with which.'), ...errors() },
})

export const redriveExecutionRoute = createRoute({
  operationId: 'retryExecution',
  method: 'post',
  path: '/executions/{executionId}/retry',
  tags,
  summary: 'Retry a failed execution',
  description:
    'From its failed steps on; what is finished is kept and not repeated. With `edits` those steps, and all after them, ' +
    'read what was edited.',
  request: { params, body: jsonBody(RedriveRequest) },
  responses: {
    202: json(Accepted, 'The execution goes on.'),
    ...errors(
      'execution.not_found',
      'execution.not_finished',
      'execution.finished',
      'execution.pretended',
      'execution.loop_detected',
    ),
  },
})
