import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { WorkflowId } from '../../contract/id.ts'
import { SimulateRequest, Simulation } from '../../contract/simulate.ts'
import { TestRequest, TestResult } from '../../contract/workflow-test.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Workflows']
const params = z.strictObject({ workflowId: WorkflowId })
const refusals = ['workflow.not_found', 'workflow.archived', 'workflow.no_trigger', 'version.not_found'] as const

export const testWorkflowRoute = createRoute({
  operationId: 'testWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/test',
  tags,
  summary: 'Test a workflow',
  description:
    'Runs the draft, a version or the given graph with the real engine. Calls are pretended, but for those of ' +
    '`realSteps`; waits pass at once on a clock of its own. Nothing of it is stored. An execution that fails is an ' +
    'answer like any other, and so are expectations that are not met.',
  request: { params, body: jsonBody(TestRequest) },
  responses: { 200: json(TestResult, 'What each step did.'), ...errors(...refusals, 'request.too_large') },
})

export const simulateWorkflowRoute = createRoute({
  operationId: 'simulateWorkflow',
  method: 'post',
  path: '/workflows/{workflowId}/simulate',
  tags,
  summary: 'Simulate a workflow',
  description:
    'Sends sample contacts through the workflow for so many days of a virtual clock, and counts what becomes of them. ' +
    'Nothing is called and nothing is stored. The same request with the same `seed` and `startAt` gives the same.',
  request: { params, body: jsonBody(SimulateRequest) },
  responses: {
    200: json(Simulation, 'How many went where, and when.'),
    ...errors(...refusals, 'workflow.invalid', 'simulation.too_large', 'simulation.busy', 'request.too_large'),
  },
})
