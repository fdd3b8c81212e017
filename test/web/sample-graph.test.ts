import { expect, test } from 'vitest'
import { CreateWorkflowRequest } from '#contract/workflow.ts'
import { sampleWorkflow } from '#lib/workflows/sample-graph.ts'
import { triggerFace } from '#lib/workflows/trigger-words.ts'
import { nodeDefinitions } from '../../worker/nodes/registry.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'

test('the sample can be created and published as it is', () => {
  expect(CreateWorkflowRequest.safeParse(sampleWorkflow).error).toBeUndefined()
  expect(validateGraph(sampleWorkflow.graph)).toEqual([])
})

test('every kind of trigger there is has words of its own', () => {
  const triggers = nodeDefinitions.filter(({ kind }) => kind === 'trigger').map(({ type }) => triggerFace(type).label)
  expect(triggers.length).toBeGreaterThan(0)
  expect(new Set(triggers).size).toBe(triggers.length)
  expect(triggerFace('trigger.inboundMail').label).toBe('Inbound mail')
})
