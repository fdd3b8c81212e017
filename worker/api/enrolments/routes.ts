import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { Enrolment, EnrolmentListQuery, EnrolmentStats } from '../../contract/enrolment.ts'
import { page } from '../../contract/error.ts'
import { ContactId, WorkflowId } from '../../contract/id.ts'
import { errors, json } from '../respond.ts'

const tags = ['Enrolment']

export const listWorkflowEnrolmentsRoute = createRoute({
  operationId: 'listWorkflowEnrolments',
  method: 'get',
  path: '/workflows/{workflowId}/enrolments',
  tags,
  summary: 'List enrolments of a workflow',
  description:
    'Every decision about a contact, newest first. With `status=blocked` those who were not let in, each with its ' +
    'reason. Blocked decisions and their reasons are the events `enrollment:blocked`.',
  request: { params: z.strictObject({ workflowId: WorkflowId }), query: EnrolmentListQuery },
  responses: { 200: json(page(Enrolment), 'A page of enrolments.'), ...errors('workflow.not_found') },
})

export const countEnrolmentsRoute = createRoute({
  operationId: 'countEnrolments',
  method: 'get',
  path: '/workflows/{workflowId}/enrolment-stats',
  tags,
  summary: 'Count enrolments and goals',
  description: 'How many entered, were not let in (by reason) and reached each goal: in all, and different contacts.',
  request: { params: z.strictObject({ workflowId: WorkflowId }) },
  responses: { 200: json(EnrolmentStats, 'The counts.'), ...errors('workflow.not_found') },
})

export const listContactEnrolmentsRoute = createRoute({
  operationId: 'listContactEnrolments',
  method: 'get',
  path: '/contacts/{contactId}/enrolments',
  tags,
  summary: 'List enrolments of a contact',
  description: 'In the workflows that the caller sees, newest first.',
  request: { params: z.strictObject({ contactId: ContactId }), query: EnrolmentListQuery.omit({ contactId: true }) },
  responses: { 200: json(page(Enrolment), 'A page of enrolments.'), ...errors('contact.not_found') },
})
