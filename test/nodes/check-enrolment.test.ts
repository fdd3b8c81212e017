import { describe, expect, test } from 'vitest'
import { Graph, type GraphSettings } from '../../worker/contract/graph.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'

const group = (field: string) => ({ operator: 'AND' as const, conditions: [{ field, operator: 'exists' as const }] })

function problems(settings: GraphSettings) {
  const at = { position: { x: 0, y: 0 } }
  const graph: Graph = {
    version: 1,
    nodes: [
      { id: 'on', type: 'trigger.event', name: 'On', params: { eventType: 'order.paid' }, ...at },
      { id: 'each', type: 'flow.forEach', name: 'Each', params: { items: '{{ trigger.data.items }}' }, ...at },
      { id: 'inner', type: 'data.set', name: 'Inner', params: { fields: [{ name: 'a', value: '1' }] }, ...at },
      { id: 'after', type: 'data.set', name: 'After', params: { fields: [{ name: 'a', value: '1' }] }, ...at },
    ],
    edges: [
      { id: '1', source: 'on', sourcePort: 'out', target: 'each' },
      { id: '2', source: 'each', sourcePort: 'body', target: 'inner' },
      { id: '3', source: 'each', sourcePort: 'done', target: 'after' },
    ],
    settings,
  }
  return validateGraph(Graph.parse(graph))
    .filter(({ path }) => path.startsWith('settings'))
    .map(({ severity, code, path }) => `${severity} ${code} ${path}`)
}

const goal = { id: 'paid', name: 'Paid', conditions: group('event.data.total'), onAchievement: 'exit' as const }

describe('what is wrong with enrolment', () => {
  test('says nothing about what is right', () => {
    const enrolment = {
      entryConditions: group('trigger.data.total'),
      exitConditions: group('contact.email'),
      limit: 2,
      windowMs: 86_400_000,
      removeOnGoal: true,
    }
    expect(
      problems({ enrolment, goals: [goal, { ...goal, id: 'after', onAchievement: 'goto', goTo: 'after' }] }),
    ).toEqual([])
  })

  test('names the place of conditions that read what is not there', () => {
    expect(
      problems({ enrolment: { entryConditions: group('steps.x'), exitConditions: group('trigger.data') } }),
    ).toEqual([
      'error expression.unknown_name settings.enrolment.entryConditions.conditions.0.field',
      'error expression.unknown_name settings.enrolment.exitConditions.conditions.0.field',
    ])
    const empty = { operator: 'AND' as const, conditions: [] }
    expect(problems({ goals: [{ ...goal, conditions: empty }] })).toEqual([
      'warning conditions.empty settings.goals.0.conditions',
    ])
  })

  test('names a window without a limit, removal without a goal, and keys that come twice', () => {
    expect(problems({ enrolment: { windowMs: 1_000, removeOnGoal: true } })).toEqual([
      'error enrolment.window settings.enrolment.windowMs',
      'warning enrolment.no_goal settings.enrolment.removeOnGoal',
    ])
    expect(problems({ goals: [goal, goal] })).toEqual(['error goal.duplicate_id settings.goals.1.id'])
  })

  test('names goals that lead nowhere, to a trigger, or into a loop', () => {
    const to = (goTo?: string) => problems({ goals: [{ ...goal, onAchievement: 'goto', ...(goTo && { goTo }) }] })
    expect(to()).toEqual(['error goal.no_target settings.goals.0.goTo'])
    expect(to('gone')).toEqual(['error goal.unknown_target settings.goals.0.goTo'])
    expect(to('on')).toEqual(['error goal.target_trigger settings.goals.0.goTo'])
    expect(to('inner')).toEqual(['error goal.target_inside settings.goals.0.goTo'])
  })
})
