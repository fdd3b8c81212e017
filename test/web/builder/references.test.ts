import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { referencesIn, rewriteNode, rewriteReferences } from '../../../web/src/lib/builder/model/references.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { makeNode } from './support.ts'

const scoreToPoints = new Map([['score', 'points']])

const rename = (text: string, from = 'score', to = 'points') =>
  rewriteReferences({ value: text }, new Map([[from, to]]))['value']

describe('renaming a step in expressions', () => {
  test.each([
    ['{{ steps.score.total }}', '{{ steps.points.total }}'],
    ['{{steps.score}}', '{{steps.points}}'],
    ['{{ steps?.score?.total }}', '{{ steps?.points?.total }}'],
    ["{{ steps['score'].total }}", "{{ steps['points'].total }}"],
    ['{{ steps["score"].total }}', '{{ steps["points"].total }}'],
    ['{{ steps[`score`].total }}', '{{ steps[`points`].total }}'],
    ['{{ steps?.["score"] }}', '{{ steps?.["points"] }}'],
    ['Hi {{ steps.score.a }} and {{ steps.score.b }}!', 'Hi {{ steps.points.a }} and {{ steps.points.b }}!'],
    ['{{ steps . score /* why */ . total }}', '{{ steps . points /* why */ . total }}'],
    ['{{ `${steps.score.total} of ${steps.max}` }}', '{{ `${steps.points.total} of ${steps.max}` }}'],
    ['{{ { total: steps.score.total } }}', '{{ { total: steps.points.total } }}'],
    ['{{ {a: {b: steps.score}}}} steps.score', '{{ {a: {b: steps.points}}}} steps.score'],
    ['{{ [...steps.score.items] }}', '{{ [...steps.points.items] }}'],
    [
      '{{ steps.score.items.map(item => item.x + steps.score.y) }}',
      '{{ steps.points.items.map(item => item.x + steps.points.y) }}',
    ],
    ['{{ steps.score. ', '{{ steps.points. '],
  ])('%s becomes %s', (before, after) => {
    expect(rename(before)).toBe(after)
  })

  test.each([
    'steps.score.total',
    '{{ steps.scores.total }}',
    '{{ trigger.steps.score }}',
    '{{ trigger?.steps.score }}',
    '{{ "steps.score.total" }}',
    "{{ 'a \\' steps.score' }}",
    '{{ `steps.score` }}',
    '{{ mysteps.score }}',
    '{{ steps.other.score }}',
    '{{ vars.score }}',
    '{{ /* steps.score */ 1 }}',
    '\\{{ steps.score }}',
    '{{ list.map(steps => steps.score) }}',
    '{{ list.map((steps, index) => steps.score) }}',
  ])('%s stays as it is', (text) => {
    expect(rename(text)).toBe(text)
  })

  test('the field of a condition is a path without braces', () => {
    const params = {
      conditions: {
        operator: 'AND',
        conditions: [{ field: 'steps.score.total', operator: '>', value: '{{ steps.score.max }}' }],
      },
      note: { field: 'steps.score.total' },
    }
    expect(rewriteReferences(params, new Map([['score', 'points']]))).toEqual({
      conditions: {
        operator: 'AND',
        conditions: [{ field: 'steps.points.total', operator: '>', value: '{{ steps.points.max }}' }],
      },
      note: { field: 'steps.score.total' },
    })
  })

  test('where braces are not needed, a bare path is a reference too', () => {
    const params = { value: 'steps.score.kind', label: 'steps.score.kind' }
    const schema = { properties: { value: { control: 'field' }, label: {} } }
    expect(rewriteReferences(params, new Map([['score', 'points']]), schema)).toEqual({
      value: 'steps.points.kind',
      label: 'steps.score.kind',
    })
  })

  test('in rows too, and in rows of rows', () => {
    const row = { by: { control: 'expression' }, title: { control: 'text' } }
    const schema = {
      properties: {
        order: { items: { properties: row } },
        groups: { items: { properties: { keys: { items: { properties: row } } } } },
        either: { anyOf: [{ type: 'null' }, { items: { properties: row } }] },
        list: { items: { control: 'expression' } },
      },
    }
    const params = {
      order: [
        { by: 'item.price > steps.score.limit', title: 'steps.score' },
        { by: '{{ steps.score.by }}', title: '{{ steps.score.title }}' },
      ],
      groups: [{ keys: [{ by: 'steps?.score', title: 'steps.score' }] }],
      either: [{ by: 'steps["score"].x', title: '' }],
      list: ['steps.score', 'item.steps.score'],
    }
    expect(rewriteReferences(params, new Map([['score', 'points']]), schema)).toEqual({
      order: [
        { by: 'item.price > steps.points.limit', title: 'steps.score' },
        { by: '{{ steps.points.by }}', title: '{{ steps.points.title }}' },
      ],
      groups: [{ keys: [{ by: 'steps?.points', title: 'steps.score' }] }],
      either: [{ by: 'steps["points"].x', title: '' }],
      list: ['steps.points', 'item.steps.score'],
    })
  })

  test('every field of every node type that takes an expression without braces follows', () => {
    const bareFields: string[] = []
    for (const nodeType of describeNodeTypes()) {
      const params = bareParams(nodeType.params, 'steps.score.total')
      const before = JSON.stringify(params)
      const after = JSON.stringify(rewriteNode(makeNode('a', { params }), scoreToPoints, nodeType).params)
      expect(after, nodeType.type).toBe(before.replaceAll('steps.score', 'steps.points'))
      if (before.includes('steps.score')) bareFields.push(nodeType.type)
    }
    expect(bareFields).toContain('data.list')
  })

  test('params without the step are given back as they were', () => {
    const params = { a: '{{ steps.other.x }}', b: [1, { c: null }] }
    expect(rewriteReferences(params, new Map([['score', 'points']]))).toBe(params)
  })

  test('two steps can change places', () => {
    const ids = new Map([
      ['a', 'b'],
      ['b', 'a'],
    ])
    expect(rewriteReferences({ v: '{{ steps.a.x + steps.b.x }}' }, ids)).toEqual({ v: '{{ steps.b.x + steps.a.x }}' })
  })
})

test('the conditions under which a step is executed follow as well', () => {
  const executeIf = {
    operator: 'AND' as const,
    conditions: [
      {
        operator: 'NOT' as const,
        conditions: [{ field: 'steps.score.total', operator: '>' as const, value: '{{ steps.score.max }}' }],
      },
      { field: 'trigger.body', operator: 'exists' as const },
    ],
  }
  const node = makeNode('a', { settings: { executeIf, notes: 'steps.score' } })
  const renamed = rewriteNode(node, new Map([['score', 'points']]), undefined)
  expect(JSON.stringify(renamed)).toBe(
    JSON.stringify(node)
      .replace('steps.score.total', 'steps.points.total')
      .replace('steps.score.max', 'steps.points.max'),
  )
  expect(rewriteNode(node, new Map([['other', 'points']]), undefined)).toBe(node)
})

test('the key under which a step keeps its result follows as well', () => {
  const node = makeNode('a', { settings: { cache: { key: '{{ steps.score.id }}', ttlMs: 60_000 } } })
  expect(rewriteNode(node, scoreToPoints, undefined).settings?.cache).toEqual({
    key: '{{ steps.points.id }}',
    ttlMs: 60_000,
  })
})

test('reads any text without failing, and finds references where it says they are', () => {
  const scrap = fc.constantFrom(
    '{{',
    '}}',
    'steps',
    '.',
    '?.',
    'a',
    '[',
    ']',
    '"',
    "'",
    '`',
    '${',
    '}',
    ' ',
    '=>',
    '\\',
    '(',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(scrap, fc.string()), { maxLength: 30 }), (scraps) => {
      const text = scraps.join('')
      for (const { id, start, end } of referencesIn(text)) expect(text.slice(start, end)).toBe(id)
    }),
    { numRuns: 1_000 },
  )
})

test('renaming there and back again gives the same text', () => {
  const scrap = fc.constantFrom(
    '{{ ',
    ' }}',
    'steps.score',
    'steps["score"]',
    ' + ',
    'trigger.x',
    '"steps.score"',
    '`',
    '${',
    '}',
  )
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 20 }), (scraps) => {
      const text = scraps.join('')
      expect(rename(String(rename(text)), 'points', 'score')).toBe(text)
    }),
    { numRuns: 500 },
  )
})

/** Params in which every field that takes an expression without braces, in rows as well, holds this one. */
function bareParams(schema: JsonObject, expression: string): JsonObject {
  const fill = (given: Json | undefined): Json | undefined => {
    const { control, properties, items } = asObject(given)
    if (control === 'expression' || control === 'field') return expression
    if (properties !== undefined) return bareParams(asObject(given), expression)
    const entry = items === undefined ? undefined : fill(items)
    return entry === undefined ? undefined : [entry, entry]
  }
  const entries = Object.entries(asObject(schema['properties'])).map(
    ([key, property]) => [key, fill(property)] as const,
  )
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
