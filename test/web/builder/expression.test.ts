import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition } from '#contract/condition.ts'
import type { Json } from '#contract/json.ts'
import { expressionBefore } from '../../../web/src/lib/builder/expression/code-mode.ts'
import { completionsAt } from '../../../web/src/lib/builder/expression/completions.ts'
import { knownFunctions, preview, previewCondition } from '../../../web/src/lib/builder/expression/language.ts'
import {
  isJsonTemplate,
  lostNumberIn,
  readLoose,
  whyNotJson,
  writeLoose,
} from '../../../web/src/lib/builder/expression/loose-json.ts'

const scope = {
  trigger: { body: { email: 'ada@example.com', items: [{ price: 3 }], 'odd key': 1 } },
  steps: { score: { total: 42 } },
  vars: {},
  execution: { id: 'exe_1', generation: 1, startedAt: '2026-01-01T00:00:00.000Z', mode: 'live' },
  workflow: { id: 'wf_1', name: 'Orders', version: 1 },
}

describe('completion', () => {
  const offered = (text: string) => completionsAt(text, scope, knownFunctions)?.offers.map(({ label }) => label) ?? []

  test.each([
    ['', ['trigger', 'steps', 'now']],
    ['1 + ', ['trigger', 'steps']],
    ['steps.', ['score']],
    ['steps.score.to', ['total']],
    ['max(steps.score.', ['total']],
    ['trigger.body?.', ['email', 'items']],
    ['trigger["body"].', ['email']],
    ['trigger.body.items[0].', ['price']],
    ['list.map(item => trigger.body.', ['email']],
  ])('after “%s” come %j', (text, expected) => {
    expect(offered(text)).toEqual(expect.arrayContaining(expected))
  })

  test('what is not in the graph is completed by its keys, and named by what it is', () => {
    const wide = {
      ...scope,
      contact: { tags: ['vip'], custom: { plan: 'team' } },
      organization: { shopUrl: 'https://shop.test' },
      loop: { item: { sku: 'a' }, index: 0 },
      child: { output: {} },
    }
    const labels = (text: string) => completionsAt(text, wide, knownFunctions)?.offers.map(({ label }) => label)
    expect(labels('')).toEqual(expect.arrayContaining(['contact', 'contactAtStart', 'organization', 'loop', 'child']))
    expect(labels('contact.custom.')).toContain('plan')
    expect(labels('organization.sh')).toContain('shopUrl')
    expect(labels('loop.item.')).toContain('sku')
    const details = completionsAt('', wide, knownFunctions)?.offers.filter(({ label }) => label in wide)
    expect(details?.filter(({ detail }) => detail === '')).toEqual([])
  })

  test('an iteration and a called workflow are offered only where there is one', () => {
    expect(offered('').filter((label) => ['loop', 'loops', 'child'].includes(label))).toEqual([])
  })

  test('methods are those of the kind of value, as far as it is known', () => {
    expect(offered('trigger.body.email.')).toContain('upper')
    expect(offered('trigger.body.email.')).not.toContain('map')
    expect(offered('trigger.body.items.')).toContain('map')
    expect(offered('trigger.body.items.map(x => x).')).toEqual(expect.arrayContaining(['map', 'upper']))
  })

  test.each(['"steps.', '1.', 'steps.score.total 1.', '...', '12abc'])('after “%s” comes nothing', (text) => {
    expect(offered(text)).toEqual([])
  })

  test('keys that are no names are left to the tree', () => {
    expect(offered('trigger.body.')).not.toContain('odd key')
  })

  test('says where the name begins that is being typed', () => {
    expect(completionsAt('steps.score.to', scope, [])?.from).toBe('steps.score.'.length)
  })

  test('never fails, whatever is typed', () => {
    const scrap = fc.constantFrom(
      'steps',
      '.',
      '?.',
      '[',
      ']',
      '"',
      "'",
      '0',
      'score',
      '(',
      ')',
      ' ',
      '=>',
      '${',
      '`',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 20 }), (scraps) => {
        const text = scraps.join('')
        const found = completionsAt(text, scope, knownFunctions)
        if (found !== undefined) expect(found.from).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the expression at the caret', () => {
  test.each([
    ['Hi {{ steps.', 'template', ' steps.'],
    ['Hi {{ a }} and {{ b', 'template', ' b'],
    ['Hi {{ a }} and', 'template', undefined],
    ['Hi', 'template', undefined],
    ['{{ "}}" + a', 'template', ' "}}" + a'],
    ['{"a": "{{ x', 'json', ' x'],
    ['steps.score', 'expression', 'steps.score'],
    ['{{ steps', 'expression', ' steps'],
    ['{{ steps', 'payload', undefined],
  ] as const)('of %j as %s is %j', (text, mode, expression) => {
    expect(expressionBefore(text, mode)).toBe(expression)
  })
})

describe('a preview', () => {
  test('is what the workflow would see', () => {
    expect(preview('{{ steps.score.total / 2 }}', scope)).toEqual({ kind: 'value', value: 21 })
    expect(preview('Hi {{ trigger.body.email }}', scope)).toEqual({ kind: 'value', value: 'Hi ada@example.com' })
    expect(preview('steps.score.total', scope, { isBare: true })).toEqual({ kind: 'value', value: 42 })
    expect(preview('steps.score.total', scope)).toEqual({ kind: 'value', value: 'steps.score.total' })
    const json = '{ "total": {{ steps.score.total }} }'
    expect(preview(json, scope, { readsJsonText: true })).toEqual({ kind: 'value', value: { total: 42 } })
    expect(preview(json, scope)).toEqual({ kind: 'value', value: '{ "total": 42 }' })
  })

  test('says in words why there is none', () => {
    expect(preview('{{ steps.score.totl }}', scope)).toMatchObject({ kind: 'error', suggestion: 'total' })
    expect(preview('{{ 1 + }}', scope).kind).toBe('error')
  })
})

describe('a condition', () => {
  const seen = (field: string, operator: Condition['operator'], value?: Json) =>
    previewCondition({ field, operator, ...(value === undefined ? {} : { value }) }, scope)

  test('shows what it compares and whether it holds', () => {
    expect(seen('steps.score.total', 'greater_than', 40)).toEqual({ actual: 42, holds: true })
    expect(seen('{{ trigger.body.items[0].price * 2 }}', 'equals', 7)).toEqual({ actual: 6, holds: false })
    expect(seen('trigger.body.phone', 'exists')).toEqual({ actual: undefined, holds: false })
  })

  test('shows nothing while it is unfinished or wrong', () => {
    expect(seen('', 'equals', 1)).toBeUndefined()
    expect(seen('trigger.', 'equals', 1)).toBeUndefined()
    expect(seen('{{ trigger.body.email.', 'equals', 1)).toBeUndefined()
    expect(seen('trigger.body.email', 'matches_regex', '(')).toBeUndefined()
  })
})

describe('a field that takes anything', () => {
  test('reads back what it shows, for any JSON there is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json
        expect(readLoose(writeLoose(json))).toEqual(json)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readLoose(writeLoose(text))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, Json | undefined]>([
    ['Ada', 'Ada'],
    ['42', 42],
    ['"42"', '42'],
    ['true', true],
    ['{{ steps.x }}', '{{ steps.x }}'],
    ['[1, 2]', [1, 2]],
    ['-0.5', -0.5],
    ['175928847299117063', '175928847299117063'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['1.10', '1.10'],
    ['1e5', '1e5'],
    ['  ', undefined],
  ])('%s is %j', (text, value) => {
    expect(readLoose(text)).toEqual(value)
  })

  test('a number that is read differently stays the text that was typed, and is shown as it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,24}(\.\d{1,4})?$/), (typed) => {
        const read = readLoose(typed)
        expect(String(read)).toBe(typed)
        expect(writeLoose(read)).toBe(typed)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['[175928847299117063]', '175928847299117063'],
    ['{ "id": 175928847299117063, "n": {{ 9007199254740993 }} }', '175928847299117063'],
    [`[${'9'.repeat(400)}]`, '9'.repeat(400)],
    ['["175928847299117063", 9007199254740992, 0.12345678901234567]', undefined],
    ['{{ [175928847299117063] }}', undefined],
    ['175928847299117063', undefined],
  ])('in %s the number that would be lost is %s', (text, lost) => {
    expect(lostNumberIn(text)).toBe(lost)
  })

  test('a short list is one line', () => {
    expect(writeLoose(['NL', 'BE', 3])).toBe('["NL", "BE", 3]')
    expect(writeLoose([{ a: 1 }])).toContain('\n')
  })

  test('JSON that is not finished is told, text and expressions are not', () => {
    expect(whyNotJson('{"a": 1')).toMatch(/not complete JSON/)
    expect(whyNotJson('[1,')).toMatch(/not complete JSON/)
    expect(whyNotJson('{{ steps.x }}')).toBeUndefined()
    expect(whyNotJson('Ada')).toBeUndefined()
    expect(whyNotJson('{"a": 1}')).toBeUndefined()
  })

  test('JSON with expressions in it is shown as it was written where it is read as JSON', () => {
    const json = '{ "count": {{ count }} }'
    expect(writeLoose(json, true)).toBe(json)
    expect(readLoose(json)).toBe(json)
    expect(writeLoose(json)).toBe(JSON.stringify(json))
    expect(isJsonTemplate('{"a": "{{ b }}"}')).toBe(false)
    expect(isJsonTemplate('{{ b }}')).toBe(false)
    expect(isJsonTemplate('{"a": 1')).toBe(false)
  })
})
