import { describe, expect, test } from 'vitest'
import type { Graph } from '#contract/graph.ts'
import { enrolmentBadges } from '../../../web/src/lib/graph/model/enrolment-badges.ts'
import { workflowsIn } from '../../../web/src/lib/graph/model/workflows-in.ts'
import { summaryOf } from '../../../web/src/lib/graph/model/summary.ts'
import { KnownWorkflows } from '../../../web/src/lib/workflows/known-workflows.svelte.ts'
import { canBeCalled, whyNotCalled } from '../../../web/src/lib/workflows/can-be-called.ts'
import { ApiError } from '../../../web/src/lib/api/api-error.ts'
import { lookup, makeGraph, makeNode, makeNodeType } from './support.ts'

const conditions = { operator: 'AND' as const, conditions: [{ field: 'contact.email', operator: 'exists' as const }] }
const goal = (id: string, goTo?: string) => ({
  id,
  name: `Goal ${id}`,
  conditions,
  ...(goTo === undefined ? { onAchievement: 'exit' as const } : { onAchievement: 'goto' as const, goTo }),
})
const drawn = (settings: Graph['settings']) => ({
  ...makeGraph('hook > first, first > second', { hook: { type: 'trigger.webhook' } }),
  ...(settings === undefined ? {} : { settings }),
})

describe('badges on the canvas', () => {
  test('a graph that says nothing of who may enter has none', () => {
    expect(enrolmentBadges(drawn(undefined), lookup).size).toBe(0)
    expect(enrolmentBadges(drawn({ enrolment: {}, goals: [] }), lookup).size).toBe(0)
  })

  test('its trigger says that not everybody enters, and how many goals there are', () => {
    const badges = enrolmentBadges(
      drawn({ enrolment: { entryConditions: conditions, limit: 1, removeOnGoal: true }, goals: [goal('a')] }),
      lookup,
    )
    expect([...badges]).toEqual([
      [
        'hook',
        [
          {
            kind: 'entry',
            label: 'Entry rules · 1 goal',
            said: 'Who may enter: who meets the conditions, once each, until they reach a goal. Goals: “Goal a” ends it.',
          },
        ],
      ],
    ])
  })

  test('conditions without any in them are no rule', () => {
    const none = { operator: 'AND' as const, conditions: [] }
    expect(enrolmentBadges(drawn({ enrolment: { entryConditions: none, exitConditions: none } }), lookup).size).toBe(0)
  })

  test('a step that goals lead to says which', () => {
    const badges = enrolmentBadges(
      drawn({ goals: [goal('a', 'first'), goal('b', 'second'), goal('c', 'second')] }),
      lookup,
    )
    expect(badges.get('first')).toMatchObject([
      { kind: 'goal', label: 'Goal a', said: 'Who reaches “Goal a” goes on here.' },
    ])
    expect(badges.get('second')).toMatchObject([
      { label: '2 goals', said: 'Who reaches “Goal b”, “Goal c” goes on here.' },
    ])
  })
})

const call = makeNodeType({
  type: 'flow.call',
  title: 'Call',
  params: { properties: { workflow: { control: 'workflow' }, note: { control: 'text' } } },
  summary: '{workflow}',
})
const calls = (type: string) => (type === call.type ? call : lookup(type))
const found = (id: string, name: string) => ({ id, name }) as never

describe('workflows that steps call', () => {
  test('are those that params for a workflow name', () => {
    const nodes = [
      makeNode('a', { type: 'flow.call', params: { workflow: 'wf_1', note: 'wf_9' } }),
      makeNode('b', { type: 'flow.call', params: { workflow: '' } }),
      makeNode('c', { params: { workflow: 'wf_8' } }),
    ]
    expect([...workflowsIn({ nodes }, calls)]).toEqual(['wf_1'])
  })

  test('are called by name on the card, and not spoken of as long as that is not known', () => {
    const node = makeNode('a', { type: 'flow.call', params: { workflow: 'wf_1' } })
    expect(summaryOf(node, call)).toBe('')
    expect(summaryOf(node, call, new Map([['wf_1', 'Score a lead']]))).toBe('Score a lead')
  })

  test('are asked for once, again after a failure that may pass, and said to be gone when there is none', async () => {
    const asked: string[] = []
    let isDown = true
    const known = new KnownWorkflows((id) => {
      asked.push(id)
      if (id === 'gone') return Promise.reject(new ApiError({ code: 'workflow.not_found', message: '', status: 404 }))
      if (isDown) return Promise.reject(new ApiError({ code: 'service.unavailable', message: '', status: 503 }))
      return Promise.resolve(found(id, `Named ${id}`))
    })
    const settle = () => new Promise((resolve) => setTimeout(resolve))
    known.look(['a', 'gone'])
    known.look(['a', 'gone'])
    await settle()
    expect(asked).toEqual(['a', 'gone'])
    isDown = false
    known.look(['a', 'gone'])
    await settle()
    expect(asked).toEqual(['a', 'gone', 'a'])
    expect(Object.fromEntries(known.names)).toEqual({ a: 'Named a', gone: 'A workflow that is gone' })
  })

  test.each([
    ['active', ['trigger.manual'], true],
    ['active', ['trigger.webhook'], false],
    ['paused', ['trigger.manual'], false],
    ['draft', ['trigger.manual'], false],
    ['archived', ['trigger.manual'], false],
  ] as const)('%s with %j: can be called is %s', (status, triggerTypes, can) => {
    expect(canBeCalled({ status, triggerTypes: [...triggerTypes] })).toBe(can)
    expect(whyNotCalled({ status, triggerTypes: [...triggerTypes] }) === undefined).toBe(can)
  })
})
