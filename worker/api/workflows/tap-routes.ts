import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { NodeId } from '../../contract/graph.ts'
import { TapId, WorkflowId } from '../../contract/id.ts'
import { Tap, TapNews, TapQuery } from '../../contract/tap.ts'
import { errors, json } from '../respond.ts'

const tags = ['Workflows']
const hook = z.strictObject({ workflowId: WorkflowId, nodeId: NodeId })
const tap = hook.extend({ tapId: TapId })
const refusals = ['workflow.not_found', 'workflow.archived', 'hook.not_found', 'execution.payload_forbidden'] as const
const eventRefusals = [
  'workflow.not_found',
  'workflow.archived',
  'trigger.not_found',
  'execution.payload_forbidden',
] as const

export const openTapRoute = createRoute({
  operationId: 'openTap',
  method: 'post',
  path: '/workflows/{workflowId}/hooks/{nodeId}/taps',
  tags,
  summary: 'Listen at a webhook',
  description:
    'The next request that is taken at the webhook’s address is copied to you, to test with. A live workflow takes it as ' +
    'always; where none is live, its sender is told that it was received as a test and started nothing. Listens for five ' +
    'minutes, as long as you ask for news.',
  request: { params: hook },
  responses: { 201: json(Tap, 'You listen.'), ...errors(...refusals, 'workflow.invalid') },
})

export const waitForTapRoute = createRoute({
  operationId: 'waitForTap',
  method: 'get',
  path: '/workflows/{workflowId}/hooks/{nodeId}/taps/{tapId}',
  tags,
  summary: 'Wait for a request',
  description:
    'Answers as soon as something has come, or after 20 seconds. Of requests that were refused it says why. Ask again at ' +
    'once while the state is `listening`: a tap that nobody has asked for ten seconds is over.',
  request: { params: tap, query: TapQuery },
  responses: { 200: json(TapNews, 'What has come.'), ...errors(...refusals, 'tap.not_found') },
})

export const closeTapRoute = createRoute({
  operationId: 'closeTap',
  method: 'delete',
  path: '/workflows/{workflowId}/hooks/{nodeId}/taps/{tapId}',
  tags,
  summary: 'Stop listening',
  request: { params: tap },
  responses: {
    200: json(z.strictObject({ id: TapId }), 'Nobody listens by this name.'),
    ...errors('workflow.not_found', 'hook.not_found'),
  },
})

export const openEventTapRoute = createRoute({
  operationId: 'openEventTap',
  method: 'post',
  path: '/workflows/{workflowId}/events/{nodeId}/taps',
  tags,
  summary: 'Listen for an event',
  description:
    'The next event of the type that the draft’s step asks for is copied to you, to test with, whoever sends it. It is taken as ' +
    'always, by whichever workflows are live. Listens for five minutes, as long as you ask for news. Needs `workflow.publish` too.',
  request: { params: hook },
  responses: { 201: json(Tap, 'You listen.'), ...errors(...eventRefusals, 'workflow.invalid') },
})

export const waitForEventTapRoute = createRoute({
  operationId: 'waitForEventTap',
  method: 'get',
  path: '/workflows/{workflowId}/events/{nodeId}/taps/{tapId}',
  tags,
  summary: 'Wait for an event',
  description:
    'Answers as soon as something has come, or after 20 seconds, and says whether it meets the step’s conditions. Ask again at once ' +
    'while the state is `listening`: a tap that nobody has asked for ten seconds is over.',
  request: { params: tap, query: TapQuery },
  responses: { 200: json(TapNews, 'What has come.'), ...errors(...eventRefusals, 'tap.not_found') },
})

export const closeEventTapRoute = createRoute({
  operationId: 'closeEventTap',
  method: 'delete',
  path: '/workflows/{workflowId}/events/{nodeId}/taps/{tapId}',
  tags,
  summary: 'Stop listening for an event',
  request: { params: tap },
  responses: {
    200: json(z.strictObject({ id: TapId }), 'Nobody listens by this name.'),
    ...errors('workflow.not_found'),
  },
})
