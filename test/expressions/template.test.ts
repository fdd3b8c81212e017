import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../worker/contract/json.ts'
import { compileTemplate } from '../../worker/expressions/index.ts'
import { errorOf, fill, scope } from './evaluate.ts'

describe('a text with one expression and nothing else', () => {
  test.each<[string, Json]>([
    ['{{ trigger.body.total }}', 120.5],
    ['  {{trigger.body.paid}}\n', true],
    ['{{ trigger.body.nothing }}', null],
    ['{{ trigger.body.tags }}', ['vip', 'new']],
    ['{{ trigger.body.customer.address }}', { city: 'London' }],
    ['{{ now }}', '2026-11-21T09:30:00.000Z'],
    ['{{ [now] }}', ['2026-11-21T09:30:00.000Z']],
    ['{{ { a: { b: 1 } } }}', { a: { b: 1 } }],
    ['{{ "}}" }}', '}}'],
    ['{{ trigger.body?.missing }}', null],
    ['{{ [trigger.body?.missing] }}', [null]],
    ['{{ { a: trigger.body?.missing, b: 1 } }}', { b: 1 }],
    ['{{ /* what it costs */ trigger.body.total /* in all */ }}', 120.5],
  ])('%s keeps its type', (template, value) => {
    expect(fill(template)).toStrictEqual(value)
  })
})

describe('a text with expressions in it', () => {
  test.each([
    ['Hi {{ trigger.body.name }}!', 'Hi Ada!'],
    ['{{ trigger.body.name }}{{ trigger.body.total }}', 'Ada120.5'],
    ['[{{ trigger.body.nothing }}]', '[]'],
    ['[{{ trigger.body?.missing }}]', '[]'],
    ['{{ trigger.body.tags }} {{ trigger.body.customer.address }}', '["vip","new"] {"city":"London"}'],
    ['{{ now }} / {{ trigger.body.paid }}', '2026-11-21T09:30:00.000Z / true'],
    ['{{ [now] }}.', '["2026-11-21T09:30:00.000Z"].'],
    ['{{ "a" }} }} {', 'a }} {'],
    ['{ {{ 1 }} }', '{ 1 }'],
    ['{{ 0.1 + 0.2 }} {{ 1e21 }} {{ -0 }}', '0.30000000000000004 1e+21 0'],
    ['{{ `{{ ${1} }}` }}!', '{{ 1 }}!'],
  ])('%s', (template, text) => {
    expect(fill(template)).toBe(text)
  })
})

describe('a literal {{', () => {
  test.each([
    ['\\{{ name }}', '{{ name }}'],
    ['a \\{{ b }} {{ 1 }}', 'a {{ b }} 1'],
    ['\\\\{{ 1 }}', '\\1'],
    ['\\\\\\{{ 1 }}', '\\{{ 1 }}'],
    ['{{ "{{" }} 1 }}', '{{ 1 }}'],
    ['no braces \\ here', 'no braces \\ here'],
    ['}} {', '}} {'],
  ])('%s', (template, text) => {
    expect(fill(template)).toBe(text)
  })

  test('a text in which only that is replaced is not constant, so that nobody takes it as it stands', () => {
    expect(compileTemplate({ a: '\\{{' }).isConstant).toBe(false)
  })
})

describe('a value with templates', () => {
  test('is filled in everywhere but in its keys', () => {
    const template = { '{{ a }}': ['{{ 1 }}', { deep: 'x{{ 2 }}' }], plain: [1, true, null, 'text'] }
    expect(fill(template)).toEqual({ '{{ a }}': [1, { deep: 'x2' }], plain: [1, true, null, 'text'] })
  })

  test('shares what has no expressions, and is never changed', () => {
    const template = { fixed: { a: [1, 2] }, filled: '{{ 1 }}' }
    const before = structuredClone(template)
    const first = compileTemplate(template).evaluate(scope) as { fixed: object }
    expect(first.fixed).toBe(template.fixed)
    expect(template).toEqual(before)
  })

  test('is constant without expressions, and then gives itself', () => {
    const value = { a: [1, 'text', { b: null }] }
    const template = compileTemplate(value)
    expect(template.isConstant).toBe(true)
    expect(template.evaluate(scope)).toBe(value)
  })

  test('does not change the scope, whatever the methods', () => {
    const before = structuredClone(scope)
    fill('{{ trigger.body.items.sort((a, b) => b.price - a.price).reverse().concat([1]) }}')
    fill('{{ trigger.body.customer.merge({ a: 1 }).omit("a") }}')
    fill('{{ trigger.body.tags.map((tag, index, all) => all.reverse()) }}')
    expect(scope).toEqual(before)
  })

  test('names the text of an error by its path', () => {
    const template = { body: { list: ['fine', 'x {{ trigger.body.emial }}'] } }
    expect(errorOf(() => fill(template)).path).toEqual(['body', 'list', 1])
    expect(errorOf(() => compileTemplate({ a: [{ b: '{{ 1 + }}' }] })).path).toEqual(['a', 0, 'b'])
  })
})

// Feature: automations-workflows, Property 30: Template Variable Replacement
describe('template variable replacement', () => {
  const name = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,12}$/)
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('{{ trigger.body.a }}', '}}', '{{', '\\{{ x }}', '$&', '$1', "'", '`${1}`'),
  )
  const data = fc.dictionary(name, value, { minKeys: 1, maxKeys: 8, noNullPrototype: true })
  const plain = fc.string({ maxLength: 10 }).filter((text) => !/[{\\]/.test(text))

  test('every variable is replaced by the actual data of the event, and by nothing else', () => {
    fc.assert(
      fc.property(data, fc.infiniteStream(plain), (body, texts) => {
        const names = Object.keys(body)
        const gaps = [...texts.take(names.length + 1)]
        const template =
          names.map((key, index) => `${gaps[index]}{{ trigger.body.${key} }}`).join('') + gaps[names.length]
        const written = (item: Json): string => (item === null ? '' : Object.is(item, -0) ? '0' : String(item))
        const expected =
          names.map((key, index) => `${gaps[index]}${written(body[key] ?? null)}`).join('') + gaps[names.length]
        const isWhole = names.length === 1 && gaps.every((gap) => gap.trim() === '')
        const sole = body[names[0] ?? ''] ?? null
        expect(fill(template, { body })).toStrictEqual(isWhole ? sole : expected)
      }),
      { numRuns: 300 },
    )
  })

  test('a variable that the event does not have is an error with its name, and never stays as text', () => {
    fc.assert(
      fc.property(data, name, plain, (body, missing, before) => {
        fc.pre(!Object.hasOwn(body, missing))
        const error = errorOf(() => fill(`${before}{{ trigger.body.${missing} }}`, { body }))
        expect(error).toMatchObject({ code: 'expression.missing_path', missingPath: `trigger.body.${missing}` })
        expect(fill(`${before}.{{ trigger.body.${missing} ?? "nobody" }}`, { body })).toBe(`${before}.nobody`)
      }),
      { numRuns: 200 },
    )
  })

  test('data comes back unchanged where a variable stands alone', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 3 }), (item) => {
        const json: Json = JSON.parse(JSON.stringify(item).replaceAll('"__proto__"', '"proto"'))
        expect(fill({ a: '{{ trigger }}' }, json === null ? [json] : json)).toStrictEqual({
          a: json === null ? [json] : json,
        })
      }),
      { numRuns: 150 },
    )
  })
})
