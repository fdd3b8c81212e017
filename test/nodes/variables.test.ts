import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../worker/contract/json.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { evaluate, failureOf, graphOf, playOf, scopeOf } from './support.ts'

const withVars = (vars: JsonObject) => scopeOf({ vars, body: { total: 5, tags: ['a', 'b'] } })

describe('variable.set', () => {
  test('gives a variable a value and says what it was', () => {
    const outcome = evaluate('variable.set', { name: 'tier', value: '{{ trigger.body.total }}' }, withVars({ tier: 1 }))
    expect(outcome).toEqual({ output: { value: 5, previous: 1 }, port: 'out', vars: { tier: 5 } })
  })

  test.each(['', '1st', 'a.b', 'a b', '{{ 1 }}'])('takes no variable called %j', (name) => {
    expect(failureOf(() => evaluate('variable.set', { name, value: 1 })).code).toBe('params.invalid')
  })
})

describe('variable.increment', () => {
  test('adds, from 0 where nothing is set, and below zero takes away', () => {
    expect(evaluate('variable.increment', { name: 'n' }, withVars({})).vars).toEqual({ n: 1 })
    expect(evaluate('variable.increment', { name: 'n', by: -3 }, withVars({ n: 1 })).vars).toEqual({ n: -2 })
    const by = '{{ trigger.body.total }}'
    expect(evaluate('variable.increment', { name: 'n', by }, withVars({ n: null })).output).toEqual({
      value: 5,
      previous: 0,
    })
  })

  test('fails where there is no number, rather than making one up', () => {
    const failure = failureOf(() => evaluate('variable.increment', { name: 'n' }, withVars({ n: '1' })))
    expect(failure).toMatchObject({ kind: 'terminal', code: 'params.invalid', details: { param: 'name' } })
    expect(failureOf(() => evaluate('variable.increment', { name: 'n', by: 1e308 }, withVars({ n: 1e308 }))).code).toBe(
      'params.invalid',
    )
  })
})

describe('variable.append', () => {
  test('adds one entry, or the entries of a list', () => {
    const value = '{{ trigger.body.tags }}'
    expect(evaluate('variable.append', { name: 'all', value }, withVars({})).appended).toEqual({
      name: 'all',
      entries: [['a', 'b']],
    })
    const spread = evaluate('variable.append', { name: 'all', value, spread: true }, withVars({ all: [1] }))
    const appended = { name: 'all', entries: ['a', 'b'] }
    expect(spread).toEqual({ output: { count: 3, last: 'b' }, port: 'out', appended })
  })

  test('keeps only the last where that is wished, and never more than ten thousand', () => {
    const scope = withVars({ all: [1, 2, 3] })
    const kept = evaluate('variable.append', { name: 'all', value: 4, keep: 2 }, scope)
    expect(kept).toMatchObject({ output: { count: 2, last: 4 }, appended: { entries: [4], keep: 2 } })
    const full = withVars({ all: Array.from({ length: 10_000 }, () => 0) })
    expect(failureOf(() => evaluate('variable.append', { name: 'all', value: 4 }, full)).code).toBe('params.invalid')
  })

  test('leaves the list that was there as it was, and fails where there is none', () => {
    const all = [1]
    evaluate('variable.append', { name: 'all', value: 2 }, withVars({ all }))
    expect(all).toEqual([1])
    const failure = failureOf(() => evaluate('variable.append', { name: 'all', value: 2 }, withVars({ all: 'x' })))
    expect(failure.code).toBe('params.invalid')
  })
})

//  start ─► each ══ body ─► count ─► keep
//             ╚═ done ─► after
test('variables that iterations and branches set are there afterwards, none of them lost', () => {
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      each: ['flow.forEach', { items: '[1, 2, 3]', concurrency: 3 }],
      nap: ['flow.wait', { duration: '1 minute' }],
      count: ['variable.increment', { name: 'sum', by: '{{ loop.item }}' }],
      keep: ['variable.append', { name: 'seen', value: '{{ loop.item }}' }],
      after: ['data.transform', { expression: '[vars.sum, vars.seen]' }],
    },
    ['start > each', 'each.body > nap', 'nap > count', 'count > keep', 'each.done > after'],
  )
  const play = playOf(graph).start({ type: 'manual', data: null }).until(60_000)
  expect(play.outputOf('after')).toEqual([6, [1, 2, 3]])
})

describe('the organization’s variables', () => {
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      nap: ['flow.wait', { duration: '1 hour' }],
      after: ['data.transform', { expression: 'organization.region + "-" + (organization.none ?? "x")' }],
    },
    ['start > nap', 'nap > after'],
  )
  const trigger = { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: null } } as const

  test('can be read everywhere, as they stood at the start, and after a crash', () => {
    const play = playOf(graph).turn({ type: 'start', trigger, organizationVars: { region: 'eu' } })
    play.crash().until(3_600_000)
    expect(play.outputOf('after')).toBe('eu-x')
  })

  test('are in the journal only where there are any', () => {
    const started = (play: ReturnType<typeof playOf>) => play.events[0]
    expect(started(playOf(graph).turn({ type: 'start', trigger, organizationVars: {} }))).not.toHaveProperty(
      'organizationVars',
    )
    expect(started(playOf(graph).turn({ type: 'start', trigger, organizationVars: { a: 1 } }))).toMatchObject({
      organizationVars: { a: 1 },
    })
  })
})

test('a variable that no node sets is told where it is read', () => {
  const problems = (expression: string) =>
    validateGraph(
      graphOf(
        {
          start: ['trigger.manual'],
          set: ['variable.append', { name: 'seen', value: 1 }],
          read: ['data.transform', { expression }],
        },
        ['start > set', 'set > read'],
      ),
    ).map(({ code, path }) => `${code} ${path}`)
  expect(problems('vars.seen')).toEqual([])
  expect(problems('vars.saen')).toEqual(['expression.unknown_name nodes.2.params.expression'])
})
