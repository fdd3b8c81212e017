import { createRoute } from '@hono/zod-openapi'
import { AuditEntry, AuditListQuery } from '../../contract/audit.ts'
import { page } from '../../contract/error.ts'
import { errors, json } from '../respond.ts'

export const listAuditRoute = createRoute({
  operationId: 'listAuditEntries',
  method: 'get',
  path: '/audit',
  tags: ['Audit'],
  summary: 'Who did what',
  description: 'Newest first: every change in the organization, and what was tried and refused.',
  request: { query: AuditListQuery },
  responses: { 200: json(page(AuditEntry), 'A page of entries.'), ...errors() },
})
