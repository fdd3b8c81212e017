import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { textOperations } from '../../../worker/nodes/data/text-params.ts'
import { validateGraph } from '../../../worker/nodes/validate-graph.ts'
import { evaluate, failureOf, graphOf, scopeOf } from '../support.ts'
import { expectWithin } from '../../support/expect-within.ts'

const change = (operation: string, body: Json, params: JsonObject = {}) =>
  evaluate('data.text', { operation, source: 'trigger.body', ...params }, scopeOf({ body })).output

const mail =
  'Write to Ada <ada@example.com> or bob.b@mail.example.org, see https://example.com/a?b=1 (or http://x.test).'

const cases: [keyof typeof textOperations, Json, JsonObject, Json][] = [
  ['trim', '  a  ', {}, 'a'],
  ['collapse', ' a \n  b ', {}, 'a b'],
  ['upper', 'Zoë', {}, 'ZOË'],
  ['lower', 'ADA', {}, 'ada'],
  ['capitalize', 'ada', {}, 'Ada'],
  ['titleCase', 'ada LOVELACE', {}, 'Ada Lovelace'],
  ['replace', 'a-b-c', { find: '-', replacement: '+' }, 'a+b+c'],
  ['replace', 'a-b-c', { find: '-', replacement: '+', once: true }, 'a+b-c'],
  ['replace', 'Cat, cat', { find: 'cat', replacement: '$1', ignoreCase: true }, '$1, $1'],
  ['replace', 'a.Cat cat', { find: 'CAT', replacement: 'dog', ignoreCase: true, once: true }, 'a.dog cat'],
  ['replace', '2026-11', { find: '(\\d+)-(\\d+)', replacement: '$2/$1', isPattern: true }, '11/2026'],
  ['remove', '+49 170 12', { find: ' ' }, '+4917012'],
  ['remove', 'a1b22', { find: '\\d', isPattern: true }, 'ab'],
  ['split', 'a, b,c', {}, ['a', 'b', 'c']],
  ['split', 'abc', { separator: '' }, ['a', 'b', 'c']],
  ['split', 'a;b', { separator: ';', keeps: 'last' }, 'b'],
  ['lines', 'a\r\nb', {}, ['a', 'b']],
  ['words', 'Hello, big world!', { keeps: 'first' }, 'Hello'],
  ['before', 'ada@example.com', { find: '@' }, 'ada'],
  ['after', 'ada@example.com', { find: '@' }, 'example.com'],
  ['between', 'Order [4711] paid', { find: '[', end: ']' }, '4711'],
  ['between', 'Order 4711', { find: '[', end: ']' }, ''],
  ['slice', 'invoice', { from: 0, to: 3 }, 'inv'],
  ['slice', 'invoice', { from: -3 }, 'ice'],
  ['truncate', 'A long sentence', { length: 7 }, 'A long…'],
  ['extract', 'INV-12 and INV-7', { pattern: 'INV-(\\d+)' }, ['12', '7']],
  ['extract', 'INV-12 and inv-7', { pattern: 'inv-\\d+', ignoreCase: true, keeps: 'last' }, 'inv-7'],
  ['extract', 'nothing', { pattern: '\\d', keeps: 'first' }, null],
  ['emails', mail, {}, ['ada@example.com', 'bob.b@mail.example.org']],
  ['urls', mail, {}, ['https://example.com/a?b=1', 'http://x.test']],
  ['numbers', 'Total 1,234.50 for 3 of -2', {}, [1234.5, 3, -2]],
  ['phones', 'Call +49 (170) 123-4567 or 030 1234567', { keeps: 'first' }, '+49 (170) 123-4567'],
  ['contains', 'Invoice', { find: 'inv' }, false],
  ['contains', 'Invoice', { find: 'inv', ignoreCase: true }, true],
  ['startsWith', 'Invoice', { find: 'Inv' }, true],
  ['endsWith', 'photo.png', { find: '.png' }, true],
  ['matches', 'AB12', { pattern: '^[a-z]{2}\\d+$', ignoreCase: true }, true],
  ['count', 'banana', { find: 'an' }, 2],
  ['length', 'abc', {}, 3],
  ['position', 'banana', { find: 'n' }, 2],
  ['toNumber', '€ 1,234.56', {}, 1234.56],
  ['toNumber', '1.234,56 €', { decimalMark: ',' }, 1234.56],
  ['toNumber', "CHF 1'234.50", {}, 1234.5],
  ['toNumber', '-7 %', {}, -7],
  ['removeAccents', 'Zoë', {}, 'Zoe'],
  ['slug', 'Crème brûlée, 2', {}, 'creme-brulee-2'],
  ['camelCase', 'First name', {}, 'firstName'],
  ['snakeCase', 'First name', {}, 'first_name'],
  ['kebabCase', 'firstName', {}, 'first-name'],
  ['initials', 'Ada Lovelace', {}, 'AL'],
  ['pad', '7', { length: 3, fill: '0' }, '007'],
  ['pad', 'ab', { length: 4, fill: '.', side: 'after' }, 'ab..'],
  ['repeat', 'ab', { times: 3 }, 'ababab'],
  ['reverse', 'abc', {}, 'cba'],
  ['mask', '4242424242424242', {}, '************4242'],
  ['stripTags', '<p>Hi <b>you</b></p>', {}, 'Hi you'],
  ['escapeHtml', '<b>', {}, '&lt;b&gt;'],
  ['unescapeHtml', '&lt;b&gt;', {}, '<b>'],
  ['encodeUrl', 'a b&c', {}, 'a%20b%26c'],
  ['decodeUrl', 'a%20b', {}, 'a b'],
  ['encodeBase64', 'Grüße', {}, 'R3LDvMOfZQ=='],
  ['decodeBase64', 'R3LDvMOfZQ==', {}, 'Grüße'],
  ['quoteCsv', 'a,b', {}, '"a,b"'],
  ['upper', 12.5, {}, '12.5'],
  ['upper', true, {}, 'TRUE'],
]

describe('data.text', () => {
  test.each(cases)('%s of %j with %j', (operation, body, params, result) => {
    expect(change(operation, body, params)).toEqual(result)
  })

  test('every operation has been tried', () => {
    expect(new Set(cases.map(([operation]) => operation))).toEqual(new Set(Object.keys(textOperations)))
  })

  test('the text may be made of words and data', () => {
    const params = { operation: 'upper', source: 'Hi {{ trigger.body.name }}!' }
    expect(evaluate('data.text', params, scopeOf({ body: { name: 'Ada' } })).output).toBe('HI ADA!')
  })

  test('a text that is missing is what is to be taken instead, and an empty one is a text', () => {
    const params = { operation: 'upper', source: 'trigger.body.name', fallback: 'friend' }
    const of = (body: Json) => evaluate('data.text', params, scopeOf({ body })).output
    expect([of({}), of({ name: null }), of({ name: '' }), of({ name: 'ada' })]).toEqual(['FRIEND', 'FRIEND', '', 'ADA'])
  })

  test.each<[string, Json, JsonObject, string, string]>([
    ['trim', null, {}, 'data.missing', 'There is no text to work on. Give one, or say under “If missing” what to take'],
    ['trim', ['a'], {}, 'data.wrong_kind', 'This needs a text, and it is a list. Take one item of it'],
    ['replace', 'a', {}, 'params.invalid', 'Say which part of the text it is about.'],
    ['extract', 'a', { pattern: '(' }, 'expression.value', 'The pattern has a mistake'],
    ['toNumber', 'none', {}, 'data.wrong_kind', '“none” writes no number such as 1,234.56.'],
    ['repeat', 'abc', { times: 200_000 }, 'expression.limit_exceeded', 'This makes a text of 600000 characters'],
    ['decodeBase64', '%%%', {}, 'expression.value', ''],
  ])('%s of %j with %j fails in words', (operation, body, params, code, message) => {
    expect(failureOf(() => change(operation, body, params))).toMatchObject({
      kind: 'terminal',
      code,
      message: expect.stringContaining(message),
    })
  })

  test('A14: a pattern that would take for ever elsewhere takes time in proportion here', () => {
    const evil = { pattern: '^(a+)+$' }
    expectWithin(2_000, () => expect(change('matches', `${'a'.repeat(20_000)}b`, evil)).toBe(false))
  })

  test('a draft is told about patterns with a mistake, and about what is missing', () => {
    const problems = (params: JsonObject) =>
      validateGraph(graphOf({ start: ['trigger.manual'], it: ['data.text', params] }, ['start > it']))
        .filter(({ nodeId }) => nodeId === 'it')
        .map(({ code, path }) => [code, path])
    expect(problems({ operation: 'extract', source: 'trigger.x', pattern: '(?=a)' })).toEqual([
      ['pattern.invalid', 'nodes.1.params.pattern'],
    ])
    expect(problems({ operation: 'replace', find: '' })).toEqual([
      ['param.missing', 'nodes.1.params.source'],
      ['param.missing', 'nodes.1.params.find'],
    ])
    expect(problems({ operation: 'replace', source: 'trigger.x', find: '[', isPattern: true })).toEqual([
      ['pattern.invalid', 'nodes.1.params.find'],
    ])
  })

  test('replaces a text by itself without changing anything, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.boolean(), (text, find, once) => {
        fc.pre(!find.includes('{{'))
        expect(change('replace', text, { find, replacement: find, once })).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  test('what ignores case finds every literal text, with whatever signs are in it', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        fc.string(),
        (before, find, after) => {
          fc.pre(!find.includes('{{') && !(before + find + after).includes('{{'))
          expect(change('contains', before + find + after, { find })).toBe(true)
          const removed = change('remove', before + find + after, { find, ignoreCase: true })
          expect(typeof removed).toBe('string')
          expect((removed as string).length).toBeLessThan((before + find + after).length)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('what is encoded is decoded to what it was', () => {
    const pairs = [
      ['encodeUrl', 'decodeUrl'],
      ['encodeBase64', 'decodeBase64'],
      ['escapeHtml', 'unescapeHtml'],
    ] as const
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...pairs), (text, [encode, decode]) => {
        expect(change(decode, change(encode, text))).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})
