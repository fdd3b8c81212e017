import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../worker/contract/json.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { graphOf, playOf } from './support.ts'

const give = (value: string): [string, JsonObject] => ['data.transform', { expression: value }]
const when = (field: string, operator: string, value: number): JsonObject => ({
  operator: 'AND',
  conditions: [{ field, operator, value }],
})

//            ┌────────── again ◄── false ─┐
//            ▼                            │
//  start ─► count ─► enough? ─────────────┤
//                                         └ true ─► last
const rounds = (params: JsonObject, enough = 3) =>
  graphOf(
    {
      start: ['trigger.manual'],
      count: ['variable.increment', { name: 'rounds' }],
      enough: ['flow.if', { conditions: when('vars.rounds', '>=', enough) }],
      again: ['flow.goTo', params],
      last: give('vars.rounds'),
      gaveUp: give('"gave up after " + vars.rounds'),
    },
    [
      'start > count',
      'count > enough',
      'enough.true > last',
      'enough.false > again',
      'again.jump > count',
      'again.onward > gaveUp',
    ],
  )

const data = { type: 'manual', data: null }

describe('flow.goTo', () => {
  test('goes back to an earlier step', () => {
    expect(playOf(rounds({})).start(data).outputOf('last')).toBe(3)
  })

  test('fails after so many times, or goes on', () => {
    const failed = playOf(rounds({ limit: 4 }, 99)).start(data)
    expect([failed.status, failed.stepAt('again#5')?.failure?.code]).toEqual(['failed', 'go_to.too_many'])
    expect(
      playOf(rounds({ limit: 4, atLimit: 'goOn' }, 99))
        .start(data)
        .outputOf('gaveUp'),
    ).toBe('gave up after 5')
  })
})

describe('drawn wrongly is told so', () => {
  const problems = (nodes: Parameters<typeof graphOf>[0], edges: string[]) =>
    validateGraph(graphOf({ start: ['trigger.manual'], ...nodes }, edges)).map(
      ({ severity, code, path }) => `${severity} ${code} ${path}`,
    )
  const goTo: [string, JsonObject] = ['flow.goTo', { limit: 2 }]

  test('where it goes nowhere, or to several steps', () => {
    expect(problems({ x: give('1'), again: goTo }, ['start > x', 'x > again'])).toEqual([
      'error go_to.nowhere nodes.2.params',
    ])
    expect(
      problems({ x: give('1'), again: goTo }, ['start > x', 'x > again', 'again.jump > x', 'again.jump > again']),
    ).toEqual(['error go_to.several nodes.2.params'])
  })

  test('where only its other way out leads back', () => {
    expect(problems({ x: give('1'), again: goTo }, ['start > x', 'x > again', 'again.onward > x'])).toContain(
      'error graph.cycle edges.2',
    )
  })

  test('where it goes into a loop or out of one, and not where it stays in', () => {
    const nodes: Parameters<typeof graphOf>[0] = {
      before: give('1'),
      each: ['flow.forEach', { items: '[1]' }],
      x: give('loop.item'),
      again: goTo,
      aside: give('loop.index'),
    }
    const drawn = (target: string) =>
      problems(nodes, ['start > before', 'before > each', 'each.body > x', 'x > again', `again.jump > ${target}`])
    expect(drawn('before')).toContain('error go_to.across edges.4')
    expect(drawn('x')).toEqual(['warning node.unreachable nodes.5'].concat(unknownLoop('nodes.5')))
    expect(drawn('aside')).toEqual([])
    expect(
      problems({ ...nodes, later: goTo }, [
        'start > before',
        'before > each',
        'each.body > x',
        'x > again',
        'again.jump > aside',
        'each.done > later',
        'later.jump > x',
      ]),
    ).toEqual(['error go_to.across edges.6'])
  })

  test('and where it goes round a whole loop nothing inside is taken for what comes after', () => {
    const nodes: Parameters<typeof graphOf>[0] = {
      each: ['flow.forEach', { items: '[1]' }],
      x: give('loop.item'),
      after: give('steps.each'),
      again: goTo,
    }
    expect(
      problems(nodes, ['start > each', 'each.body > x', 'each.done > after', 'after > again', 'again.jump > each']),
    ).toEqual([])
  })
})

function unknownLoop(node: string): string[] {
  return [`error expression.unknown_name ${node}.params.expression`]
}
