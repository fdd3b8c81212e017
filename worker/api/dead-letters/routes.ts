import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  BulkDeadLettersRequest,
  BulkDeadLettersResult,
  DeadLetter,
  DeadLetterId,
  DeadLetterListQuery,
  DeadLetterSummary,
  RetriedDeadLetter,
  RetryDeadLetterRequest,
} from '../../contract/dead-letter.ts'
import { page } from '../../contract/error.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Dead letters']
const params = z.strictObject({ deadLetterId: DeadLetterId })

export const listDeadLettersRoute = createRoute({
  operationId: 'listDeadLetters',
  method: 'get',
  path: '/dead-letters',
  tags,
  summary: 'List what was given up',
  description:
    'Executions that failed for good, steps that an execution went on without, events and records that could not be ' +
    'consumed. What was given up last comes first.',
  request: { query: DeadLetterListQuery },
  responses: { 200: json(page(DeadLetterSummary), 'A page of dead letters.'), ...errors() },
})

export const getDeadLetterRoute = createRoute({
  operationId: 'getDeadLetter',
  method: 'get',
  path: '/dead-letters/{deadLetterId}',
  tags,
  summary: 'Read a dead letter',
  description: 'With what it carried, and of an execution the steps that failed.',
  request: { params },
  responses: {
    200: json(DeadLetter, 'The dead letter.'),
    ...errors('dead_letter.not_found', 'execution.payload_forbidden'),
  },
})

export const retryDeadLetterRoute = createRoute({
  operationId: 'retryDeadLetter',
  method: 'post',
  path: '/dead-letters/{deadLetterId}/retry',
  tags,
  summary: 'Try again what was given up',
  description:
    'A failed execution goes on from its failed steps. With `data`, or on the published version, one is started in ' +
    'its place. An event is accepted anew under its own id: what it began is not begun twice.',
  request: { params, body: jsonBody(RetryDeadLetterRequest) },
  responses: {
    202: json(RetriedDeadLetter, 'It is tried again.'),
    ...errors(
      'dead_letter.not_found',
      'dead_letter.not_editable',
      'execution.not_found',
      'execution.not_finished',
      'execution.finished',
      'workflow.archived',
      'workflow.not_published',
      'version.not_found',
      'hook.conflict',
      'service.unavailable',
    ),
  },
})

export const discardDeadLetterRoute = createRoute({
  operationId: 'discardDeadLetter',
  method: 'delete',
  path: '/dead-letters/{deadLetterId}',
  tags,
  summary: 'Discard a dead letter',
  description: 'It leaves the list; an execution stays among the executions. Who discarded it is in the audit.',
  request: { params },
  responses: { 200: json(DeadLetterSummary, 'The dead letter as it was.'), ...errors('dead_letter.not_found') },
})

export const changeDeadLettersRoute = createRoute({
  operationId: 'changeDeadLetters',
  method: 'post',
  path: '/dead-letters/bulk',
  tags,
  summary: 'Retry or discard many',
  description: 'Up to 100 at a time, each by itself: one that is refused holds up none of the others.',
  request: { body: jsonBody(BulkDeadLettersRequest) },
  responses: { 200: json(BulkDeadLettersResult, 'Which were done, and why the others were not.'), ...errors() },
})
