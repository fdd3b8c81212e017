import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { failureOf, graphOf, request, resolve, scopeOf } from './support.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'

// A JSON body that people write as text: `{ "text": "{{ message }}", "count": {{ count }} }`.

const post = { method: 'POST', url: 'https://api.example.com/orders', bodyType: 'json' }

async function sent(json: Json, body: Json): Promise<string> {
  const { sent } = await request({ ...post, json }, {}, scopeOf({ body }))
  return String(sent.body)
}

function refused(json: Json, body: Json) {
  return failureOf(() => resolve('http.request', { ...post, json }, scopeOf({ body })))
}

describe('in quotes an expression is text', () => {
  const json = '{ "text": "{{ trigger.body.message }}", "n": {{ trigger.body.n }} }'

  test.each(['hello', 'say "hi"', 'a\nb', 'x", "admin": true, "y": "z', 'C:\\temp', '{{ 1 }}', '\u0000\u0001', ''])(
    'T1: %j goes out as it came in',
    async (message) => {
      expect(JSON.parse(await sent(json, { message, n: 1 }))).toStrictEqual({ text: message, n: 1 })
    },
  )

  test.each<[string, Json, Json]>([
    ['{"a": "{{ trigger.body }}"}', 5, { a: '5' }],
    ['{"a": "{{ trigger.body }}"}', null, { a: '' }],
    ['{"a": "{{ trigger.body }}"}', { b: 'c' }, { a: '{"b":"c"}' }],
    ['{"a": "no. {{ trigger.body }}\\n\\"of\\" {{ trigger.body }}"}', 5, { a: 'no. 5\n"of" 5' }],
    ['{"a": "{{ trigger.body.join(", ") }}"}', ['x', 'y"'], { a: 'x, y"' }],
    ['{"a": "\\{{ b }} {{ trigger.body }}"}', 1, { a: '{{ b }} 1' }],
    ['{"{{ trigger.body }}": 1, "b": {}}', 'say "hi"', { 'say "hi"': 1, b: {} }],
    ['{"{{ trigger.body }}": 1}', '__proto__', {}],
    [' [ "{{ trigger.body }}", [1.50, true, null] ]', 'x', ['x', [1.5, true, null]]],
  ])('%s with %j', async (template, body, value) => {
    expect(JSON.parse(await sent(template, body))).toStrictEqual(value)
  })

  test.each<[string, Json]>([
    ['{"a": "{{ trigger.body.quoteJson() }}"}', 'say "hi"\n'],
    ['{"a": "{{ trigger.body.toJson().slice(1, -1) }}"}', 'say "hi"\n'],
    ['{"a": "{{ trigger.body.toJson() }}"}', 'no "way" out", "b": "'],
    ['{"a": "{{ JSON.stringify(trigger.body) }}"}', { b: ['c'] }],
  ])('%s with %j is not quoted twice', async (template, body) => {
    const quoted = template.includes('quoteJson') || template.includes('slice')
    expect(JSON.parse(await sent(template, body))).toStrictEqual({ a: quoted ? body : JSON.stringify(body) })
  })
})

describe('without quotes an expression is one value', () => {
  test.each<[string, Json, Json]>([
    ['{"a": {{ trigger.body }}}', 5, { a: 5 }],
    ['{"a": {{ trigger.body }}}', null, { a: null }],
    ['{"a": {{ trigger.body }}, "b": 2}', { c: ['"'] }, { a: { c: ['"'] }, b: 2 }],
    ['[{{ trigger.body }}, {{ trigger.body }}]', true, [true, true]],
    // What a form sends is text, and the texts that JSON functions make are JSON.
    ['{"a": {{ trigger.body }}}', '42', { a: 42 }],
    ['{"a": {{ trigger.body.toJson() }}}', { c: 1 }, { a: { c: 1 } }],
    ['{"a": -{{ trigger.body }}, "b": {{ trigger.body }}.{{ trigger.body }}}', 5, { a: -5, b: 5.5 }],
    ['{ {{ trigger.body.toJson() }}: 1 }', 'key', { key: 1 }],
  ])('%s with %j', async (template, body, value) => {
    expect(JSON.parse(await sent(template, body))).toStrictEqual(value)
  })

  test.each<[string, Json]>([
    ['{"a": {{ trigger.body }}}', 'Berlin'],
    ['{"a": {{ trigger.body }}}', '1, "admin": true'],
    ['{"a": {{ trigger.body }}}', '12345678901234567890'],
    ['{"a": {{ trigger.body }}}', '1e999'],
    ['{"a": [{{ trigger.body }}]}', '1, 2'],
    ['{"a": [{{ trigger.body }}]}', '"a@example.com", "b@example.com"'],
    ['{"a": {{ trigger.body }}}', `${'['.repeat(100)}${']'.repeat(100)}`],
  ])('T1: %s refuses %j, and says to put quotes', (template, body) => {
    const failure = refused(template, body)
    expect(failure).toMatchObject({ kind: 'terminal', details: { path: ['json'] } })
    expect(failure.code).toMatch(/^expression\./)
  })
})

test('T1: whatever is filled in, a body has the parts that its author wrote', async () => {
  const template =
    '{"q": "<{{ trigger.body.q }}>", "l": ["{{ trigger.body.q }}", {{ trigger.body.v }}], "{{ trigger.body.q }}": 1}'
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('"', '\\', ',', ':', '{', '}', '\n', 'u') }),
      ),
      // `__proto__` is never a key of what an expression gives.
      fc.jsonValue().filter((value) => typeof value !== 'string' && !JSON.stringify(value).includes('__proto__')),
      async (q, v) => {
        fc.pre(q !== '__proto__')
        const value = JSON.parse(JSON.stringify(v)) as Json
        const expected: JsonObject = { q: `<${q}>`, l: [q, value] }
        expected[q] = 1
        // JSON has no lone halves of characters either: what is compared is what goes over the wire.
        expect(JSON.parse(await sent(template, { q, v: value }))).toStrictEqual(JSON.parse(JSON.stringify(expected)))
      },
    ),
  )
})

describe('a text whose shape depends on what is filled in', () => {
  const broken = '{"a": 1 {{ trigger.body ? ", b" : "" }} }'
  const conditional = '{"a": 1 {{ trigger.body ? \', "b": 2\' : "" }} }'

  test('goes on as it did where JSON comes out, and fails where none does', async () => {
    expect(JSON.parse(await sent(conditional, true))).toEqual({ a: 1, b: 2 })
    expect(JSON.parse(await sent(conditional, false))).toEqual({ a: 1 })
    expect(refused(broken, true)).toMatchObject({ code: 'expression.value' })
  })

  test.each([
    [conditional, 'JSON only if its expressions'],
    ['{not json', 'not complete JSON'],
    ['{"a": }', 'not complete JSON'],
    ['{"a": "{{ trigger.body }}"', 'JSON only if its expressions'],
  ])('%s is not published', (text, words) => {
    expect(problemsOf(text)).toMatchObject([{ severity: 'error', path: 'nodes.1.params.json' }])
    expect(problemsOf(text)[0]?.message).toContain(words)
  })

  test.each([
    '{"a": {{ trigger.body }} }',
    '{"a": "{{ trigger.body }}"}',
    '{{ trigger.body }}',
    '[1]',
    'plain',
    '{{ [1] }} x',
  ])('%s is', (text) => {
    expect(problemsOf(text)).toEqual([])
  })

  test('a body that is not sent stops nothing', () => {
    const params = { ...post, bodyType: 'text', text: 'hi', json: '{"a": {{ trigger.body }}}' }
    expect(resolve('http.request', params, scopeOf({ body: 'Berlin' }))['text']).toBe('hi')
  })
})

describe('a text that is one expression', () => {
  test.each([
    ['{"id": 12345678901234567890}', '{"id": 12345678901234567890}'],
    ['[1]', '[1]'],
    ['[todo] x', '"[todo] x"'],
    ['plain', '"plain"'],
  ])('%j is sent as %s', async (note, body) => {
    expect(await sent('{{ trigger.body }}', note)).toBe(body)
  })
})

function problemsOf(json: string) {
  return validateGraph(
    graphOf({ start: ['trigger.webhook'], call: ['http.request', { ...post, json }] }, ['start.out > call']),
  )
}
