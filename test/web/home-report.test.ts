import { expect, test } from 'vitest'
import type { Approval } from '#contract/approval.ts'
import type { ExecutionSummary } from '#contract/execution.ts'
import type { WorkflowSummary } from '#contract/workflow.ts'
import {
  countOf,
  headline,
  liveCount,
  nextSteps,
  troubles,
  unknownHeadline,
} from '../../web/src/routes/(app)/home-report.ts'

const failure = (workflowId: string, id: string) =>
  ({ id, workflowId, workflowName: `The ${workflowId}` }) as ExecutionSummary
const workflow = (fields: Partial<WorkflowSummary>) =>
  ({
    id: 'wf_1',
    name: 'Orders',
    status: 'active',
    nodeCount: 3,
    hasUnpublishedChanges: false,
    ...fields,
  }) as WorkflowSummary
const all = { write: true, publish: true, keys: true }
const nobody = { items: [] }
const titles = (steps: { title: string }[]) => steps.map(({ title }) => title)

test('a count says when it is only the least it can be', () => {
  expect(countOf({ items: [1, 2] })).toBe('2')
  expect(countOf({ items: [1, 2], nextCursor: 'more' })).toBe('2+')
})

test('the headline never says that all is well when something failed or nothing runs', () => {
  expect(headline({ items: [] }, true)).toEqual({ tone: 'ok', text: 'Everything is all right' })
  expect(headline({ items: [] }, false).text).toBe('Nothing runs here yet')
  expect(headline({ items: [failure('a', '1')] }, true).text).toBe('1 execution failed in the last 24 hours')
  expect(headline({ items: [failure('a', '1')], nextCursor: 'x' }, true).text).toBe(
    '1+ executions failed in the last 24 hours',
  )
})

test('the headline of what could not be read again claims nothing', () => {
  expect(unknownHeadline.tone).toBe('neutral')
  expect(unknownHeadline.text).not.toBe(headline({ items: [] }, true).text)
})

test('live workflows among those that were read are the least there can be', () => {
  const items = [workflow({}), workflow({ status: 'paused' }), workflow({})]
  expect(liveCount({ items })).toBe('2')
  expect(liveCount({ items, nextCursor: 'x' })).toBe('2+')
})

test('failures are told by workflow, the worst first, each with its latest', () => {
  const list = troubles([failure('a', '3'), failure('b', '2'), failure('b', '1')])
  expect(list.map(({ workflowName, count, latest }) => [workflowName, count, latest.id])).toEqual([
    ['The b', 2, '2'],
    ['The a', 1, '3'],
  ])
})

test('somebody with nothing yet is offered a beginning', () => {
  expect(titles(nextSteps([], all, nobody))).toEqual([
    'Start with the sample',
    'Draw a workflow',
    'Connect another system',
  ])
  expect(nextSteps([], { write: false, publish: false, keys: false }, nobody)).toEqual([])
})

test('unfinished things come next, but not what is empty or up to date', () => {
  const workflows = [
    workflow({ name: 'Live' }),
    workflow({ name: 'Empty', status: 'draft', nodeCount: 0 }),
    workflow({ name: 'Drawn', status: 'draft' }),
    workflow({ name: 'Edited', hasUnpublishedChanges: true }),
    workflow({ name: 'Resting', status: 'paused' }),
  ]
  expect(titles(nextSteps(workflows, all, nobody))).toEqual([
    'Publish “Drawn”',
    'Publish the changes of “Edited”',
    'Look at “Resting”',
  ])
  expect(nextSteps(workflows, { ...all, publish: false, keys: false }, nobody)).toEqual([])
})

test('questions that wait for an answer come first, one by its name and several by their number', () => {
  const question = (id: string, decidedByMe = false) =>
    ({ id, decidedByMe, content: { title: 'Pay it?' }, workflow: { name: 'Invoices' } }) as Approval
  const next = (...items: Approval[]) => nextSteps([workflow({ status: 'draft' })], all, { items })
  expect(next(question('a'), question('b', true))[0]).toEqual({
    id: 'decide',
    title: 'Decide: Pay it?',
    detail: '“Invoices” waits for it.',
    href: '/approvals?id=a',
  })
  expect(next(question('a'), question('b'))[0]).toMatchObject({ title: 'Decide 2 questions', href: '/approvals' })
  expect(next(question('a', true))[0]?.id).toBe('publish')
  const many = { items: [question('a')], nextCursor: 'more' }
  expect(nextSteps([], all, many)[0]?.title).toBe('Decide 1+ questions')
})
