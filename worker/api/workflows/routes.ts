import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import { ExecuteRequest, StartedExecution } from '../../contract/execution.ts'
import { NodeId } from '../../contract/graph.ts'
import { VersionId, WorkflowId } from '../../contract/id.ts'
import { Cursor, PageLimit } from '../../contract/page-query.ts'
import {
  CreateWorkflowRequest,
  HookSecret,
  PublishRequest,
  SaveWorkflowRequest,
  SetHookSecretRequest,
  ValidateRequest,
  Validation,
  Version,
  VersionSummary,
  Workflow,
  WorkflowListQuery,
  WorkflowSummary,
} from '../../contract/workflow.ts'
import { IdempotencyKey, IfMatch, NeededIfMatch } from '../headers.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Workflows']
const params = z.strictObject({ workflowId: WorkflowId })
const etag = { headers: z.object({ ETag: z.string().meta({ description: 'The revision of the draft.' }) }) }

export const listWorkflowsRoute = createRoute({
  operationId: 'listWorkflows',
  method: 'get',
  path: '/workflows',
  tags,
  summary: 'List workflows',
  description: 'Those the caller sees, most recently changed first. Archived ones only with `status=archived`.',
  request: { query: WorkflowListQuery },
  responses: { 200: json(page(WorkflowSummary), 'A page of workflows.'), ...errors() },
})

export const createWorkflowRoute = createRoute({
  operationId: 'createWorkflow',
  method: 'post',
  path: '/workflows',
  tags,
  summary: 'Create a workflow',
  description: 'Makes a draft that belongs to the caller and starts nothing.',
  request: { body: jsonBody(CreateWorkflowRequest) },
  responses: { 201: { ...json(Workflow, 'The new workflow.'), ...etag }, ...errors('request.too_large') },
})

export const getWorkflowRoute = createRoute({
  operationId: 'getWorkflow',
  method: 'get',
  path: '/workflows/{workflowId}',
  tags,
  summary: 'Read a workflow',
  request: { params },
  responses: {
    200: { ...json(Workflow, 'The workflow, with its current draft graph.'), ...etag },
    ...errors('workflow.not_found'),
  },
})

export const saveWorkflowRoute = createRoute({
  operationId: 'saveWorkflow',
  method: 'patch',
  path: '/workflows/{workflowId}',
  tags,
  summary: 'Save the draft',
  description: 'What is left out stays. `If-Match` names the revision that was edited.',
  request: { params, headers: NeededIfMatch, body: jsonBody(SaveWorkflowRequest) },
  responses: {
    200: { ...json(Workflow, 'The workflow as it was saved.'), ...etag },
    ...errors(
      'workflow.not_found',
      'workflow.conflict',
      'workflow.archived',
      'request.precondition_required',
      'request.too_large',
    ),
  },
})

export const validateWorkflowRoute = createRoute({
  operationId: 'validateWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/validate',
  tags,
  summary: 'Look for problems',
  description: 'In the draft, or in `graph` as if it were the draft. Changes nothing.',
  request: { params, body: jsonBody(ValidateRequest) },
  responses: { 200: json(Validation, 'What is wrong, and where.'), ...errors('workflow.not_found') },
})

export const publishWorkflowRoute = createRoute({
  operationId: 'publishWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/publish',
  tags,
  summary: 'Publish the draft',
  description:
    'Freezes the draft as the next version and makes it live. With `If-Match` only that revision is published. ' +
    'Publishing what is live already gives the live version.',
  request: { params, headers: IfMatch, body: jsonBody(PublishRequest) },
  responses: {
    200: json(VersionSummary, 'The live version.'),
    ...errors('workflow.not_found', 'workflow.conflict', 'workflow.archived', 'workflow.invalid'),
  },
})

export const activateWorkflowRoute = createRoute({
  operationId: 'activateWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/activate',
  tags,
  summary: 'Activate',
  description: 'Lets the triggers of the live version start executions again.',
  request: { params },
  responses: {
    200: json(Workflow, 'The active workflow.'),
    ...errors('workflow.not_found', 'workflow.not_published', 'workflow.archived', 'workflow.conflict'),
  },
})

export const pauseWorkflowRoute = createRoute({
  operationId: 'pauseWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/pause',
  tags,
  summary: 'Pause',
  description: 'No event that comes after the answer starts anything. What runs goes on.',
  request: { params },
  responses: {
    200: json(Workflow, 'The paused workflow.'),
    ...errors('workflow.not_found', 'workflow.not_published', 'workflow.archived'),
  },
})

export const archiveWorkflowRoute = createRoute({
  operationId: 'archiveWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/archive',
  tags,
  summary: 'Archive',
  description: 'Puts the workflow away. Its executions and versions stay.',
  request: { params },
  responses: { 200: json(Workflow, 'The archived workflow.'), ...errors('workflow.not_found') },
})

export const restoreWorkflowRoute = createRoute({
  operationId: 'restoreWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/restore',
  tags,
  summary: 'Restore',
  description: 'Takes the workflow out of the archive: paused if it was ever published, else a draft.',
  request: { params },
  responses: { 200: json(Workflow, 'The restored workflow.'), ...errors('workflow.not_found') },
})

export const listVersionsRoute = createRoute({
  operationId: 'listWorkflowVersions',
  method: 'get',
  path: '/workflows/{workflowId}/versions',
  tags,
  summary: 'List versions',
  description: 'Published ones, newest first.',
  request: {
    params,
    query: z.strictObject({ cursor: Cursor, limit: PageLimit }),
  },
  responses: { 200: json(page(VersionSummary), 'A page of versions.'), ...errors('workflow.not_found') },
})

export const getVersionRoute = createRoute({
  operationId: 'getWorkflowVersion',
  method: 'get',
  path: '/workflows/{workflowId}/versions/{versionId}',
  tags,
  summary: 'Read a version',
  request: { params: z.strictObject({ workflowId: WorkflowId, versionId: VersionId }) },
  responses: { 200: json(Version, 'The version, with its graph.'), ...errors('version.not_found') },
})

export const setHookSecretRoute = createRoute({
  operationId: 'setHookSecret',
  method: 'put',
  path: '/workflows/{workflowId}/hooks/{nodeId}/secret',
  tags,
  summary: 'Set the secret of a webhook',
  description:
    'The given secret, or a new one of 32 random bytes. It is shown in this answer and never again; the one before ' +
    'stays valid for a day.',
  request: { params: z.strictObject({ workflowId: WorkflowId, nodeId: NodeId }), body: jsonBody(SetHookSecretRequest) },
  responses: { 200: json(HookSecret, 'The secret.'), ...errors('workflow.not_found', 'hook.not_found') },
})

export const executeWorkflowRoute = createRoute({
  operationId: 'executeWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/execute',
  tags: ['Executions'],
  summary: 'Execute a workflow',
  description:
    'Starts one execution of the live version, or of the draft to try it. With `wait` the answer comes when it has ' +
    'finished, or after 25 seconds.',
  request: { params, headers: IdempotencyKey, body: jsonBody(ExecuteRequest) },
  responses: {
    200: json(StartedExecution, 'The execution has finished.'),
    202: json(StartedExecution, 'The execution is accepted, and goes on.'),
    ...errors(
      'workflow.not_found',
      'workflow.not_published',
      'workflow.archived',
      'workflow.invalid',
      'workflow.no_trigger',
      'workflow.conflict',
      'hook.conflict',
      'service.unavailable',
    ),
  },
})
