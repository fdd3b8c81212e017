import { describe, expect, test } from 'vitest'
import type { ConditionGroup } from '../../worker/contract/condition.ts'
import {
  checkConditions,
  checkTemplate,
  compileConditions,
  compileExpression,
  compileTemplate,
  defaultRoots,
  references,
  renameStep,
  renameStepInConditions,
} from '../../worker/expressions/index.ts'
import { scope } from './evaluate.ts'

const context = {
  knownRoots: defaultRoots,
  knownSteps: ['score', 'greet'],
  allSteps: ['score', 'greet', 'later'],
  knownVars: ['limit'],
}

describe('checking a template', () => {
  test('finds nothing where nothing is wrong', () => {
    const template = {
      to: '{{ trigger.body.email }}',
      text: 'Score {{ steps.score.total }} of {{ vars.limit }} at {{ now.format("HH:mm") }}',
      items: '{{ trigger.body.items.map(({ sku }) => ({ sku, step: steps["greet"].text })) }}',
      any: '{{ steps[trigger.body.step] ?? vars.perhaps ?? execution.id }}',
      plain: 'no expression',
    }
    expect(checkTemplate(template, context)).toEqual([])
  })

  test('finds every problem, each with its path and place', () => {
    const template = {
      a: '{{ 1 + }}',
      b: ['fine', 'x {{ tirgger.body }} {{ steps.scroe.total }}'],
      c: { d: '{{ steps.later.x + vars.limt + trigger.body.uper() }}', e: '{{ steps.later.x + vars.limt }}' },
    }
    const found = checkTemplate(template, context)
    expect(found.map(({ path, code, suggestion }) => ({ path: path?.join('.'), code, suggestion }))).toEqual([
      { path: 'a', code: 'expression.syntax', suggestion: undefined },
      { path: 'c.d', code: 'expression.unknown_name', suggestion: 'upper' },
      { path: 'b.1', code: 'expression.unknown_name', suggestion: 'trigger' },
      { path: 'b.1', code: 'expression.unknown_name', suggestion: 'score' },
      { path: 'c.e', code: 'expression.step_not_run', suggestion: undefined },
      { path: 'c.e', code: 'expression.unknown_name', suggestion: 'limit' },
    ])
    const marked = found.slice(2).map(({ path, position }) => {
      const text = path?.[0] === 'b' ? template.b[1] : template.c.e
      return text?.slice(position.offset, position.end)
    })
    expect(marked).toEqual(['tirgger', 'steps.scroe', 'steps.later', 'vars.limt'])
  })

  test('lets a variable be absent where the expression says what happens then', () => {
    expect(checkTemplate('{{ vars.perhaps ?? 1 }}', context)).toEqual([])
    expect(checkTemplate('{{ exists(vars.perhaps) }}', context)).toEqual([])
    expect(checkTemplate('{{ vars.perhaps }}', context)).toHaveLength(1)
  })

  test('does not take parameters of functions for roots', () => {
    expect(checkTemplate('{{ [1].map(steps => steps.x) }}', context)).toEqual([])
    expect(checkTemplate('{{ [1].map(x => y) }}', context)).toMatchObject([
      { code: 'expression.unknown_name', missingPath: 'y' },
    ])
  })

  test('checks only what it is told', () => {
    expect(checkTemplate('{{ steps.x + vars.y }}', { knownRoots: ['steps', 'vars'] })).toEqual([])
    expect(checkTemplate('{{ contact.email }}', { ...context, knownRoots: [...defaultRoots, 'contact'] })).toEqual([])
  })
})

describe('checking conditions', () => {
  const group: ConditionGroup = {
    operator: 'AND',
    conditions: [
      { field: 'trigger.body.total', operator: '>', value: '{{ vars.limt }}' },
      {
        operator: 'OR',
        conditions: [
          { field: 'steps.later.ok', operator: '==', value: true },
          { field: 'triger.body', operator: 'exists' },
          { field: 'a b', operator: 'exists' },
          { field: '{{ steps.score.total }}', operator: 'newer_than', value: 'a while' },
        ],
      },
    ],
  }

  test('finds problems in fields, values and what operators can use', () => {
    const found = checkConditions(group, context)
    expect(found.map(({ path, code }) => `${path?.join('.')} ${code}`)).toEqual([
      'conditions.1.conditions.2.field expression.syntax',
      'conditions.1.conditions.3.value expression.value',
      'conditions.0.value expression.unknown_name',
      'conditions.1.conditions.0.field expression.step_not_run',
      'conditions.1.conditions.1.field expression.unknown_name',
    ])
  })

  test('tells where groups are nested too deep, and what is wrong beside them', () => {
    let deep: ConditionGroup = { operator: 'AND', conditions: [] }
    for (let level = 0; level < 11; level++) deep = { operator: 'AND', conditions: [deep] }
    const beside = { field: 'triger.body', operator: 'exists' } as const
    const found = checkConditions({ operator: 'OR', conditions: [deep, beside] }, context)
    expect(found.map(({ code }) => code)).toEqual(['expression.limit_exceeded', 'expression.unknown_name'])
    expect(found[0]?.path?.slice(0, 4)).toEqual(['conditions', 0, 'conditions', 0])
  })
})

describe('references', () => {
  test('lists roots, steps, variables and paths once', () => {
    const template = compileTemplate({
      a: '{{ steps.score.total + steps["greet"].text + steps.score.total }}',
      b: '{{ vars.limit ?? trigger.body.items[0].name.upper() }}',
      c: '{{ trigger.headers["x-y"] }} {{ [1].map(steps => steps) }}',
    })
    expect(references(template)).toEqual({
      roots: ['steps', 'vars', 'trigger'],
      steps: ['score', 'greet'],
      vars: ['limit'],
      anyStep: false,
      anyVar: false,
      paths: [
        'steps.score.total',
        'steps.greet.text',
        'vars.limit',
        'trigger.body.items[0].name',
        'trigger.headers["x-y"]',
      ],
    })
  })

  test('says when any step may be read', () => {
    expect(references(compileExpression('steps[trigger.body.id].x'))).toMatchObject({ steps: [], anyStep: true })
    expect(references(compileExpression('steps.keys()'))).toMatchObject({ anyStep: true })
    expect(references(compileExpression('vars[`a${1}`]'))).toMatchObject({ anyVar: true })
  })

  test('works for conditions', () => {
    const conditions = compileConditions({
      operator: 'OR',
      conditions: [{ field: 'steps.score.total', operator: '>', value: '{{ vars.limit }}' }],
    })
    expect(references(conditions)).toMatchObject({
      steps: ['score'],
      vars: ['limit'],
      paths: ['steps.score.total', 'vars.limit'],
    })
  })
})

describe('renaming a step', () => {
  test('changes every written-out reference and nothing else', () => {
    const template = {
      a: 'x {{ steps.score.total + steps?.score.x + steps["score"].y }} steps.score {{ steps . score.z }}',
      b: [
        '{{ [1].map(steps => steps.score) }}',
        '{{ trigger.steps.score + steps.scores.x + "steps.score" }}',
        '{{ broken steps.score',
      ],
      'steps.score': 1,
    }
    expect(renameStep(template, 'score', 'rating')).toEqual({
      a: 'x {{ steps.rating.total + steps?.rating.x + steps.rating.y }} steps.score {{ steps.rating.z }}',
      b: template.b,
      'steps.score': 1,
    })
    expect(renameStep('{{ steps.score.x }}', 'score', 'a-b')).toBe('{{ steps["a-b"].x }}')
  })

  test('keeps what the template gives', () => {
    const template = '{{ steps.score.total + steps["score"].total }} {{ steps.greet.text }}'
    const renamed = renameStep(template, 'score', 'rating')
    const steps = { rating: scope.steps.score, greet: scope.steps.greet }
    expect(compileTemplate(renamed).evaluate({ ...scope, steps })).toBe(compileTemplate(template).evaluate(scope))
  })

  test('reaches fields and values of conditions', () => {
    const group: ConditionGroup = {
      operator: 'AND',
      conditions: [
        { field: 'steps.score.total', operator: '>', value: ['{{ steps.score.x }}', 1] },
        {
          operator: 'NOT',
          conditions: [
            { field: '{{ steps.score.y }}', operator: 'exists' },
            { field: 'trigger.steps.score', operator: 'exists' },
          ],
        },
      ],
    }
    expect(renameStepInConditions(group, 'score', 'rating')).toEqual({
      operator: 'AND',
      conditions: [
        { field: 'steps.rating.total', operator: '>', value: ['{{ steps.rating.x }}', 1] },
        {
          operator: 'NOT',
          conditions: [
            { field: '{{ steps.rating.y }}', operator: 'exists' },
            { field: 'trigger.steps.score', operator: 'exists' },
          ],
        },
      ],
    })
  })
})
