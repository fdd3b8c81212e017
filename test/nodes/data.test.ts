import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import { evaluate, failureOf, scopeOf } from './support.ts'

describe('data.set', () => {
  const body = { name: 'Ada', address: { city: 'Paris', zip: '75001' } }

  test('makes an object of named values, each of the kind its expression gives', () => {
    const fields = [
      { name: 'name', value: '{{ trigger.body.name }}' },
      { name: 'greeting', value: 'Hello {{ trigger.body.name }}!' },
      { name: 'address', value: '{{ trigger.body.address }}' },
      { name: 'count', value: 3 },
      { name: 'tags', value: ['a', '{{ 1 + 1 }}'] },
    ]
    expect(evaluate('data.set', { fields }, scopeOf({ body }))).toEqual({
      output: { name: 'Ada', greeting: 'Hello Ada!', address: body.address, count: 3, tags: ['a', 2] },
      port: 'out',
    })
  })

  test('starts from an object, and makes objects of names with dots, without changing what it read', () => {
    const fields = [
      { name: 'address.city', value: 'Rome' },
      { name: 'a.b.c', value: 1 },
      { name: 'name.first', value: 'A' },
    ]
    const scope = scopeOf({ body })
    const before = structuredClone(scope.trigger)
    for (const base of ['{{ trigger.body }}', 'trigger.body', body]) {
      expect(evaluate('data.set', { base, fields }, scope).output).toEqual({
        name: { first: 'A' },
        address: { city: 'Rome', zip: '75001' },
        a: { b: { c: 1 } },
      })
    }
    expect(scope.trigger).toEqual(before)
  })

  test('starts from nothing where the base is empty or null', () => {
    for (const base of ['', null, '{{ null }}', '{{ trigger.body.nothing ?? null }}']) {
      expect(evaluate('data.set', { base, fields: [] }, scopeOf({ body })).output).toEqual({})
    }
  })

  test('sets variables of the workflow', () => {
    const outcome = evaluate(
      'data.set',
      { storeAs: 'variables', fields: [{ name: 'limit', value: '{{ vars.limit + 1 }}' }] },
      scopeOf({ vars: { limit: 1 } }),
    )
    expect(outcome).toEqual({ output: { limit: 2 }, vars: { limit: 2 }, port: 'out' })
  })

  test.each(['__proto__', 'a.__proto__.b', 'constructor', 'prototype', 'a..b', '', 'a[0]', 'a b'])(
    'refuses the name %j',
    (name) => {
      expect(failureOf(() => evaluate('data.set', { fields: [{ name, value: 1 }] }))).toMatchObject({
        code: 'params.invalid',
        details: { param: 'fields.0.name' },
      })
      expect(({} as Record<string, unknown>)['b']).toBeUndefined()
    },
  )

  test.each([
    ['{{ [1] }}', 'a list'],
    ['{{ 7 }}', '7'],
    ['{{ "x" }}', '"x"'],
  ])('refuses the base %s', (base, found) => {
    expect(failureOf(() => evaluate('data.set', { base, fields: [] }))).toMatchObject({
      message: `The param "base" must be an object, not ${found}.`,
    })
  })

  test('an expression that fails names the field it stands in', () => {
    const fields = [
      { name: 'ok', value: 1 },
      { name: 'bad', value: '{{ trigger.body.nothing.here }}' },
    ]
    expect(failureOf(() => evaluate('data.set', { fields }, scopeOf({ body })))).toMatchObject({
      code: 'expression.missing_path',
      details: { path: ['fields', 1, 'value'] },
    })
  })

  test('keeps any value as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        const json = JSON.parse(JSON.stringify(value)) as Json
        const params = { fields: [{ name: 'it', value: '{{ trigger.body }}' }] }
        expect(evaluate('data.set', params, scopeOf({ body: json })).output).toEqual({ it: json })
      }),
      { numRuns: 200 },
    )
  })
})

describe('data.transform', () => {
  const scope = scopeOf({ body: { items: [{ price: 5 }, { price: 20 }] } })

  test.each([
    ['trigger.body.items.filter(item => item.price > 10)', [{ price: 20 }]],
    ['{{ trigger.body.items.length }}', 2],
    ['Total: {{ trigger.body.items.length }} items', 'Total: 2 items'],
    ['[1, "two", null]', [1, 'two', null]],
    ['{ a: trigger.body.items[0].price }', { a: 5 }],
    ['', null],
  ])('%s', (expression, output) => {
    expect(evaluate('data.transform', { expression }, scope)).toEqual({ output, port: 'out' })
  })

  test('draws up a result with expressions in it', () => {
    const mapping = { first: '{{ trigger.body.items[0].price }}', list: ['{{ 1 }}', 2], text: 'x' }
    expect(evaluate('data.transform', { mode: 'mapping', mapping }, scope).output).toEqual({
      first: 5,
      list: [1, 2],
      text: 'x',
    })
    expect(evaluate('data.transform', { mode: 'mapping' }, scope).output).toBe(null)
  })

  test.each([
    ['trigger.body.name + trigger.body.age', 20],
    ['{{ trigger.body.name + trigger.body.age }}', 23],
  ])('an expression that fails says where it is in what was written: %s', (expression, offset) => {
    const failure = failureOf(() => evaluate('data.transform', { expression }, scopeOf({ body: { name: 'Ada' } })))
    expect(failure).toMatchObject({
      code: 'expression.missing_path',
      details: {
        missingPath: 'trigger.body.age',
        path: ['expression'],
        position: { offset, end: offset + 16, line: 1, column: offset + 1 },
      },
    })
  })

  test.each([
    ['data.list', { operation: 'reverse' }, 'source'],
    ['data.list', { operation: 'concat', source: '[1]' }, 'other'],
    ['data.set', { fields: [] }, 'base'],
  ])('so does one in a field of %s with %j that takes expressions without braces', (type, params, param) => {
    for (const [expression, offset] of [
      ['trigger.body.name + trigger.body.age', 20],
      ['{{ trigger.body.name + trigger.body.age }}', 23],
    ] as const) {
      const given = { ...params, [param]: expression }
      expect(failureOf(() => evaluate(type, given, scopeOf({ body: { name: 'Ada' } })))).toMatchObject({
        code: 'expression.missing_path',
        details: { path: [param], position: { offset, end: offset + 16, line: 1, column: offset + 1 } },
      })
    }
  })

  test('A4: what comes out of data is never evaluated again', () => {
    const trap = scopeOf({ body: '{{ vars.secret }}', vars: { secret: 's' } })
    expect(evaluate('data.transform', { expression: 'trigger.body' }, trap).output).toBe('{{ vars.secret }}')
    expect(evaluate('data.set', { fields: [{ name: 'a', value: '{{ trigger.body }}' }] }, trap).output).toEqual({
      a: '{{ vars.secret }}',
    })
    expect(evaluate('webhook.respond', { body: '{{ trigger.body }}' }, trap).response?.body).toBe('{{ vars.secret }}')
  })
})
