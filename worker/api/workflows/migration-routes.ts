import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { WorkflowId } from '../../contract/id.ts'
import { MigrationPreview, MigrationRequest, MigrationResult } from '../../contract/migration.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Workflows']
const params = z.strictObject({ workflowId: WorkflowId })

export const previewMigrationRoute = createRoute({
  operationId: 'previewMigration',
  method: 'post',
  path: '/workflows/{workflowId}/migrations/preview',
  tags,
  summary: 'Preview a migration',
  description:
    'Which of the executions that wait on another version can go on with this one, and why the rest cannot; at most ' +
    '100, from `cursor` on. Changes nothing.',
  request: { params, body: jsonBody(MigrationRequest) },
  responses: {
    200: json(MigrationPreview, 'Who can move.'),
    ...errors('workflow.not_found', 'version.not_found'),
  },
})

export const migrateExecutionsRoute = createRoute({
  operationId: 'migrateExecutions',
  method: 'post',
  path: '/workflows/{workflowId}/migrations',
  tags,
  summary: 'Migrate waiting executions',
  description:
    'Moves executions that wait to another version, where they fit: all that wait on another, or those that are named; ' +
    'at most 100, each by itself. Asked again it moves nobody twice.',
  request: { params, body: jsonBody(MigrationRequest) },
  responses: {
    200: json(MigrationResult, 'Who has moved.'),
    ...errors('workflow.not_found', 'version.not_found'),
  },
})
