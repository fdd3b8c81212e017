import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { Approval, ApprovalListQuery, DecideApprovalRequest } from '../../contract/approval.ts'
import { page } from '../../contract/error.ts'
import { ApprovalId } from '../../contract/id.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Approvals']
const params = z.strictObject({ approvalId: ApprovalId })

export const listApprovalsRoute = createRoute({
  operationId: 'listApprovals',
  method: 'get',
  path: '/approvals',
  tags,
  summary: 'List approvals',
  description: 'What you are asked: by your address or by your role. Newest first.',
  request: { query: ApprovalListQuery },
  responses: { 200: json(page(Approval), 'The approvals.'), ...errors() },
})

export const getApprovalRoute = createRoute({
  operationId: 'getApproval',
  method: 'get',
  path: '/approvals/{approvalId}',
  tags,
  summary: 'Read an approval',
  request: { params },
  responses: { 200: json(Approval, 'The approval.'), ...errors('approval.not_found') },
})

export const decideApprovalRoute = createRoute({
  operationId: 'decideApproval',
  method: 'post',
  path: '/approvals/{approvalId}/decision',
  tags,
  summary: 'Approve or reject',
  description:
    'A person decides once: the second decision finds the first. `contentHash` is that of what was shown. Where a signature is asked for, send the password or the code; keys cannot sign.',
  request: { params, body: jsonBody(DecideApprovalRequest) },
  responses: {
    200: json(Approval, 'The approval as it stands then.'),
    ...errors(
      'approval.not_found',
      'approval.expired',
      'approval.closed',
      'approval.decided',
      'approval.four_eyes',
      'approval.changed',
      'approval.unsigned',
      'approval.wrong_password',
      'approval.wrong_code',
      'authenticator.missing',
      'request.rate_limited',
      'service.unavailable',
    ),
  },
})
