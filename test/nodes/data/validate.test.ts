import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { validateGraph } from '../../../worker/nodes/validate-graph.ts'
import { evaluate, failureOf, graphOf, scopeOf } from '../support.ts'
import { expectWithin } from '../../support/expect-within.ts'

type Result = { valid: boolean; value: Json; errors: { path: string; rule: string; message: string }[] }

const hold = (params: JsonObject, body: Json) => {
  const { output, port } = evaluate('data.validate', { source: 'trigger.body', ...params }, scopeOf({ body }))
  return { ...(output as Result), port }
}
const bySchema = (schema: Json, body: Json, params: JsonObject = {}) => hold({ by: 'schema', schema, ...params }, body)
const errorsOf = (schema: Json, body: Json) => bySchema(schema, body).errors.map(({ path, rule }) => `${path} ${rule}`)

const fields: JsonObject[] = [
  { name: 'email', kind: 'email' },
  { name: 'age', kind: 'integer', isRequired: false, least: 18, most: 120 },
  { name: 'plan', oneOf: 'free, pro' },
  { name: 'address.zip', pattern: '^\\d{5}$' },
  { name: 'tags', kind: 'list', isRequired: false, most: 2 },
]
const good = { email: 'ada@example.com', age: 36, plan: 'pro', address: { zip: '75001' } }

describe('data.validate by fields', () => {
  test('goes by what is as described, with the data', () => {
    expect(hold({ fields }, good)).toEqual({ valid: true, value: good, errors: [], port: 'valid' })
  })

  test('goes the other way with every error, its path and a sentence', () => {
    const { errors, port, valid } = hold(
      { fields },
      { email: 'ada', age: 7.5, plan: 'gold', address: { zip: 'x' }, tags: [1, 2, 3] },
    )
    expect([valid, port]).toEqual([false, 'invalid'])
    expect(errors).toEqual([
      { path: 'email', rule: 'format', message: '“email” must be an e-mail address.' },
      { path: 'age', rule: 'type', message: '“age” must be a whole number, and is 7.5.' },
      { path: 'plan', rule: 'enum', message: '“plan” must be one of "free", "pro".' },
      { path: 'address.zip', rule: 'pattern', message: '“address.zip” must fit the pattern ^\\d{5}$.' },
      { path: 'tags', rule: 'maxItems', message: '“tags” must have at most 2 items.' },
    ])
  })

  test('what is null or empty is missing: an error where it is required, and nothing where it is not', () => {
    const body = { email: '', age: null, plan: null, tags: '' }
    expect(hold({ fields }, body).errors.map(({ message }) => message)).toEqual([
      '“email” is missing.',
      '“plan” is missing.',
      '“address” is missing.',
    ])
    expect(hold({ fields }, { ...body, address: {} }).errors.map(({ path }) => path)).toContain('address.zip')
    expect(hold({ fields }, 'text').errors).toEqual([
      { path: '', rule: 'type', message: 'It must be an object, and is a text.' },
    ])
  })

  test('forms send nothing but texts: on request they are taken for what they write', () => {
    const numbers = [
      { name: 'n', kind: 'number', least: 1 },
      { name: 'yes', kind: 'boolean' },
    ]
    const body = { n: '12.5', yes: 'true', other: '7' }
    expect(hold({ fields: numbers }, body).valid).toBe(false)
    expect(hold({ fields: numbers, converts: true }, body)).toMatchObject({
      valid: true,
      value: { n: 12.5, yes: true, other: '7' },
    })
    expect(hold({ fields: numbers, converts: true }, { n: 'twelve', yes: 'ja' }).errors).toHaveLength(2)
  })

  test('fields that are not described may be there, or not', () => {
    const more = { ...good, extra: 1, address: { zip: '75001', street: 'x' } }
    expect(hold({ fields }, more).valid).toBe(true)
    expect(hold({ fields, allowsMore: false }, more).errors.map(({ message }) => message)).toEqual([
      '“address.street” must not be there.',
      '“extra” must not be there.',
    ])
  })

  test('keeps errors small enough to show why', () => {
    const outcome = evaluate('data.validate', { source: 'trigger.body', fields }, scopeOf({ body: {} }))
    expect(outcome.because).toEqual((outcome.output as Result).errors.slice(0, 10))
  })
})

describe('data.validate by a schema', () => {
  test.each<[Json, Json, string[]]>([
    [{ type: 'string' }, 'a', []],
    [{ type: ['string', 'null'] }, null, []],
    [{ type: 'integer' }, 1.5, [' type']],
    [true, 1, []],
    [false, 1, [' false']],
    [{ enum: [1, { a: [1] }] }, { a: [1] }, []],
    [{ enum: [1, 2] }, '1', [' enum']],
    [{ const: null }, null, []],
    [{ const: 1 }, 2, [' const']],
    [{ minLength: 2, maxLength: 3 }, 'äöü', []],
    [{ minLength: 2 }, '👍', [' minLength']],
    [{ maxLength: 1 }, 'ab', [' maxLength']],
    [{ pattern: '^a' }, 'ba', [' pattern']],
    [{ minimum: 1, maximum: 2 }, 3, [' maximum']],
    [{ minimum: 1 }, 0, [' minimum']],
    [{ exclusiveMinimum: 1 }, 1, [' exclusiveMinimum']],
    [{ exclusiveMaximum: 1 }, 1, [' exclusiveMaximum']],
    [{ multipleOf: 0.1 }, 0.3, []],
    [{ multipleOf: 5 }, 12, [' multipleOf']],
    [{ minimum: 1 }, 'text', []],
    [{ items: { type: 'number' } }, [1, 'a', 2, null], ['[1] type', '[3] type']],
    [{ prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['a', 1, 'b'], ['[2] type']],
    [{ minItems: 1 }, [], [' minItems']],
    [{ maxItems: 1 }, [1, 2], [' maxItems']],
    [{ uniqueItems: true }, [{ a: 1 }, { a: 1 }], [' uniqueItems']],
    [{ contains: { const: 1 } }, [2], [' contains']],
    [{ required: ['a', 'b c'] }, {}, ['a required', '["b c"] required']],
    [{ properties: { a: { properties: { b: { type: 'number' } } } } }, { a: { b: 'x' } }, ['a.b type']],
    [{ properties: { a: {} }, additionalProperties: false }, { a: 1, b: 2 }, ['b additionalProperties']],
    [{ additionalProperties: { type: 'number' } }, { a: 'x' }, ['a type']],
    [{ minProperties: 1 }, {}, [' minProperties']],
    [{ maxProperties: 0 }, { a: 1 }, [' maxProperties']],
    [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, 3, [' maximum']],
    [{ anyOf: [{ type: 'string' }, { minimum: 5 }] }, 3, [' anyOf']],
    [{ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 3, [' oneOf']],
    [{ oneOf: [{ minimum: 1 }, { minimum: 9 }] }, 3, []],
    [{ not: { type: 'string' } }, 'a', [' not']],
    [{ $ref: '#/$defs/n', $defs: { n: { type: 'number' } } }, 'a', [' type']],
    [{ format: 'email' }, 'ada@example.com', []],
    [{ format: 'uri' }, 'ftp://x', [' format']],
    [{ format: 'date' }, '2026-02-30', [' format']],
    [{ format: 'date-time' }, '2026-01-31T09:30:00Z', []],
    [{ format: 'date-time' }, '2026-01-31T09:30:00', [' format']],
    [{ format: 'time' }, '24:00', [' format']],
    [{ format: 'uuid' }, '123e4567-e89b-12d3-a456-426614174000', []],
    [{ format: 'ipv4' }, '192.0.2.1', []],
    [{ format: 'ipv4' }, '192.0.2.256', [' format']],
    [{ format: 'ipv4' }, '1.2.3.', [' format']],
  ])('%j holds %j to it', (schema, body, errors) => {
    expect(errorsOf(schema, body)).toEqual(errors)
  })

  test('a schema of trees holds trees of any depth, and one that leads to itself ends', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#' } }, required: ['n'] }
    let deep: Json = { n: 0 }
    for (let level = 1; level < 60; level++) deep = { n: level, next: deep }
    expect(errorsOf(tree, deep)).toEqual([])
    expect(errorsOf({ $ref: '#' }, 1)).toEqual([' $ref'])
    expect(errorsOf({ anyOf: [{ $ref: '#' }] }, 1)).toEqual([' anyOf'])
  })

  test('A14: a schema made to take for ever is given up, and a pattern takes time in proportion', () => {
    const endless = { allOf: [{ anyOf: [{ $ref: '#' }, { $ref: '#' }, { $ref: '#' }] }, { not: { $ref: '#' } }] }
    expectWithin(2_000, () => {
      try {
        bySchema(endless, 1)
      } catch {
        expect(failureOf(() => bySchema(endless, 1)).code).toBe('expression.limit_exceeded')
      }
    })
    const pattern = { pattern: '^(a+)+$' }
    expectWithin(2_000, () => expect(bySchema(pattern, `${'a'.repeat(20_000)}!`).valid).toBe(false))
  })

  test('errors are at most a hundred', () => {
    expect(bySchema({ items: { type: 'string' } }, Array(500).fill(1)).errors).toHaveLength(100)
  })

  test('a draft is told about a schema that says what is not understood, and where', () => {
    const problems = (params: JsonObject) =>
      validateGraph(
        graphOf({ start: ['trigger.manual'], it: ['data.validate', { source: 'trigger.x', ...params }] }, [
          'start > it',
        ]),
      )
        .filter(({ nodeId }) => nodeId === 'it')
        .map(({ code, path }) => [code, path?.replace('nodes.1.params.', '')])
    const schema = (schema: Json) => problems({ by: 'schema', schema })
    expect(problems({ by: 'fields', fields: [] })).toEqual([['param.missing', 'fields']])
    expect(problems({ fields: [{ name: 'a', pattern: '(' }] })).toEqual([['pattern.invalid', 'fields.0.pattern']])
    expect(problems({ by: 'schema' })).toEqual([['param.missing', 'schema']])
    expect(schema({ type: 'text' })).toEqual([['schema.invalid', 'schema.type']])
    expect(schema({ properties: { a: { patternProperties: {} } } })).toEqual([
      ['schema.invalid', 'schema.properties.a.patternProperties'],
    ])
    expect(schema({ anyOf: [{ pattern: '(?=a)' }] })).toEqual([['pattern.invalid', 'schema.anyOf.0.pattern']])
    expect(schema({ $ref: '#/$defs/none' })).toEqual([['schema.invalid', 'schema.$ref']])
    expect(
      schema({ title: 'Order', 'x-ui': 1, type: 'object', properties: { a: { type: 'string', format: 'email' } } }),
    ).toEqual([])
    expect(schema('nonsense')).toEqual([['schema.invalid', 'schema']])
  })

  test('never throws for what a value is, and is the same for the same', () => {
    const schemas: Json[] = [
      { type: 'object', properties: { a: { type: 'array', items: { minimum: 3 } } }, required: ['a'] },
      {
        anyOf: [
          { type: 'string', minLength: 2 },
          { type: 'array', uniqueItems: true },
        ],
      },
      { additionalProperties: { type: ['number', 'null'] } },
    ]
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...schemas), (value, schema) => {
        fc.pre(!JSON.stringify(value).includes('__proto__') && value !== null)
        const body = JSON.parse(JSON.stringify(value)) as Json
        const first = bySchema(schema, body)
        expect(bySchema(schema, body)).toEqual(first)
        expect(first.value).toEqual(body)
        expect(first.port).toBe(first.errors.length === 0 ? 'valid' : 'invalid')
        for (const { message } of first.errors) expect(message).toMatch(/^(?:It|“).*\.$/)
      }),
      { numRuns: 300 },
    )
  })
})
