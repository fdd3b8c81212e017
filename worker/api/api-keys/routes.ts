import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { ApiKey, CreateApiKeyRequest, CreatedApiKey } from '../../contract/api-key.ts'
import { page } from '../../contract/error.ts'
import { ApiKeyId } from '../../contract/id.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['API keys']

export const listApiKeysRoute = createRoute({
  operationId: 'listApiKeys',
  method: 'get',
  path: '/api-keys',
  tags,
  summary: 'List API keys',
  description: 'One’s own, or all of the organization’s for whoever sees all of it. Never a secret.',
  responses: { 200: json(page(ApiKey), 'The keys, newest first.'), ...errors() },
})

export const createApiKeyRoute = createRoute({
  operationId: 'createApiKey',
  method: 'post',
  path: '/api-keys',
  tags,
  summary: 'Create an API key',
  description: 'It may do what its scopes say and its maker may do at that time. It lives for a year at most.',
  request: { body: jsonBody(CreateApiKeyRequest) },
  responses: { 201: json(CreatedApiKey, 'The key, with its secret: this once.'), ...errors() },
})

export const revokeApiKeyRoute = createRoute({
  operationId: 'revokeApiKey',
  method: 'delete',
  path: '/api-keys/{apiKeyId}',
  tags,
  summary: 'Revoke an API key',
  description: 'For good. It opens nothing more within five seconds.',
  request: { params: z.strictObject({ apiKeyId: ApiKeyId }) },
  responses: { 200: json(ApiKey, 'The revoked key.'), ...errors('api_key.not_found') },
})
