import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Failure } from '../../worker/contract/failure.ts'
import { compileExpression, compileTemplate, ExpressionError, toFailure } from '../../worker/expressions/index.ts'
import { nearestName } from '../../worker/expressions/suggest.ts'
import { errorOf, evaluate, fill, scope } from './evaluate.ts'

describe('an error says where it is', () => {
  test('in the text, in lines and columns, and in the expression', () => {
    const text = 'Dear {{ trigger.body.name }},\nyou owe\n  {{ trigger.body.totl + 1 }} EUR'
    const error = errorOf(() => fill({ mail: { text } }))
    expect(error).toEqual({
      code: 'expression.missing_path',
      message:
        'trigger.body has no “totl”. Did you mean “total”? It has name, total, count, paid, nothing, customer, items, tags. ' +
        'If it may be missing, write trigger.body.totl ?? "default".',
      expression: 'trigger.body.totl + 1',
      expressionOffset: text.indexOf('trigger.body.totl'),
      position: { offset: text.indexOf('trigger.body.totl'), end: text.indexOf(' + 1'), line: 3, column: 6 },
      missingPath: 'trigger.body.totl',
      suggestion: 'total',
      path: ['mail', 'text'],
    })
  })

  test('at the part that is wrong, not at the beginning', () => {
    const at = (source: string): string => {
      const { position } = errorOf(() => evaluate(source))
      return source.slice(position.offset, position.end)
    }
    expect(at('1 + trigger.body.items.map(i => i.price.x).length')).toBe('i.price.x')
    expect(at('1 + 2 * "a"')).toBe('2 * "a"')
    expect(at('"a" + upper(1)')).toBe('upper')
    expect(at('[1, "abc".padStart("x")]')).toBe('"abc".padStart("x")')
    expect(at('[1, 2].sum(x => x / 0)')).toBe('x / 0')
    expect(at('1 + tigger.x')).toBe('tigger')
    expect(at('a.b; c')).toBe(';')
    expect(at('[1, new Date()]')).toBe('new Date()')
    expect(at('range(1, 100000)')).toBe('range(1, 100000)')
    expect(at('trigger.body.name.matches("(")')).toBe('trigger.body.name.matches("(")')
  })

  test('inside its text, whatever is thrown', () => {
    const source = fc.constantFrom(
      'trigger.x',
      '1 / 0',
      'x',
      '1 +',
      '(',
      '"',
      ';',
      'a b',
      '{',
      'new X',
      'null.x',
      '',
      ' ',
      'range(1, 1e7)',
      '[',
      '`${',
      '1 2',
      '\n\n  ?',
      'if',
      '#',
    )
    fc.assert(
      fc.property(source, fc.string({ maxLength: 10 }), fc.string({ maxLength: 10 }), (expression, before, after) => {
        const text = `${before.replaceAll('{', '')}{{${expression}}}${after}`
        fc.pre(!text.includes('\\{{'))
        const { position, expressionOffset } = errorOf(() => fill(text))
        expect(position.offset).toBeGreaterThanOrEqual(text.indexOf('{{') + 2)
        expect(position.offset).toBeLessThanOrEqual(text.length)
        expect(position.end).toBeGreaterThanOrEqual(position.offset)
        expect(position.end).toBeLessThanOrEqual(text.length)
        expect(expressionOffset).toBeLessThanOrEqual(text.length)
        const lines = text.slice(0, position.offset).split('\n')
        expect(position.line).toBe(lines.length)
        expect(position.column).toBe((lines.at(-1) ?? '').length + 1)
      }),
      { numRuns: 300 },
    )
  })
})

describe('an error says what to do', () => {
  test.each([
    ['trigger.body.items.price', 'write trigger.body.items.map(item => item.price)'],
    ['trigger.body.nothing.x', 'trigger.body.nothing is null'],
    ['trigger.body.name.a', 'trigger.body.name is text'],
    ['parseJson("[1]").a', 'is a list'],
    ['trigger.body.items[5]', 'has 2 items, counted from 0'],
    ['trigger.body.items.length()', 'There is no method “length”'],
    ['trigger.body.name.length.x', 'is a number'],
    ['trigger.body.name.upper', '“upper” is a method: write trigger.body.name.upper( )'],
    ['steps.scre.total', 'The step “scre” has not run in this execution, so it has no result. Did you mean “score”?'],
    ['steps.later', 'Steps with a result: score, greet.'],
    ['tirgger.x', 'Did you mean “trigger”?'],
    ['upper("a")', 'It is a method: write value.upper(…)'],
    ['trigger.body.name.round()', '“round” is a method of number, and trigger.body.name is text.'],
    ['trigger.body.name.uper()', 'Did you mean “upper”?'],
    ['"2026-01-01".add(1, "day")', 'Write date("2026-01-01").add(…)'],
    ['now.add(1, "dya")', 'is not a unit of time. Use millisecond'],
    ['now.in("Berlin")', 'Use a name such as Europe/Berlin'],
    ['now.format("ddd")', 'means nothing in a date pattern'],
    ['"a".padStart("b")', 'takes length as its first argument. It must be a number, and this is text.'],
    ['round(1, 2, 3)', '“round” is written round(number, digits?), and here it has 3 arguments.'],
    ['number("x")', '“x” writes no number. Give a second argument for that case: number(value, 0).'],
    ['date("21.11.2026")', 'For other forms use parseDate'],
    ['[1].map(x => { return x })', 'without braces and return'],
    ['range', 'It is a function: write range(…)'],
    ['trigger.body.name ?? ', 'ends too early'],
    ['“a”', 'straight quotes'],
    ['"a', 'A quote is opened here and not closed'],
    ['trigger.body.customer.address.zip.code', 'trigger.body.customer.address has no “zip”.'],
    ['trigger.body.items.find(x => false).sku', 'is missing'],
    ['trigger.body.items.find(x => false).upper()', 'so “upper” cannot be called on it'],
    ['parseJson("nope")', 'This text is not JSON: “nope”.'],
    ['[1, 2].reduce((a, b) => a)[0]', 'is a number and has no'],
  ])('%s', (source, words) => {
    expect(errorOf(() => evaluate(source)).message).toContain(words)
  })

  test.each([
    ['{{ trigger.body.name', 'is not closed. Write }} after it'],
    ['{{ trigger.body.name }', 'something is missing before }}'],
    ['{{ }}', 'nothing between {{ and }}'],
    ['{{{ name }}}', 'Write two braces'],
    ['{{ name | upper }}', 'no pipes'],
    ['{{#if x}}', 'Blocks and partials'],
    ['{{ a b }}', '“b” was not expected here'],
    ['{{ if (a) b }}', 'condition ? a : b'],
    ['{{ $json.name }}', 'There is no “$json” here'],
  ])('%s', (template, words) => {
    expect(errorOf(() => fill(template)).message).toContain(words)
  })

  test('in few words, however large the data', () => {
    const huge = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`key${index}${'x'.repeat(200)}`, index]),
    )
    expect(errorOf(() => evaluate('trigger.nope', huge)).message.length).toBeLessThan(1_000)
    expect(errorOf(() => evaluate(`trigger.${'a'.repeat(3_000)}`)).message.length).toBeLessThan(4_000)
  })
})

describe('an error as a failure', () => {
  test('is terminal, fits the contract and keeps its place', () => {
    const failure = (() => {
      try {
        return fill({ to: '{{ trigger.body.customer.emial }}' })
      } catch (error) {
        if (error instanceof ExpressionError) return toFailure(error)
        throw error
      }
    })()
    expect(Failure.parse(failure)).toEqual({
      kind: 'terminal',
      code: 'expression.missing_path',
      message: expect.stringContaining('Did you mean “email”?'),
      details: {
        expression: 'trigger.body.customer.emial',
        expressionOffset: 3,
        position: { offset: 3, end: 30, line: 1, column: 4 },
        missingPath: 'trigger.body.customer.emial',
        suggestion: 'email',
        path: ['to'],
      },
    })
  })

  test('is made of every error there is', () => {
    for (const source of ['1 +', 'x', 'trigger.x', 'steps.x', '1 + null', '1 / 0', 'range(1, 1e8)']) {
      try {
        compileExpression(source).evaluate(scope)
        throw new Error('nothing was thrown')
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error
        expect(Failure.parse(toFailure(error)).code).toBe(error.code)
      }
    }
  })

  test('an error in a template is found before anything is evaluated', () => {
    expect(() => compileTemplate({ a: '{{ trigger.x }}', b: '{{ 1 + }}' })).toThrow(ExpressionError)
  })
})

describe('the nearest name', () => {
  test.each([
    ['emial', ['email', 'name'], 'email'],
    ['Email', ['email', 'name'], 'email'],
    ['firstname', ['firstName', 'lastName'], 'firstName'],
    ['first_name', ['firstName', 'lastName'], 'firstName'],
    ['xyz', ['email', 'name'], undefined],
    ['a', ['b', 'c'], undefined],
    ['id', ['ip', 'name'], 'ip'],
    ['', ['a'], undefined],
  ])('of %s among %j is %s', (name, candidates, nearest) => {
    expect(nearestName(name, candidates)).toBe(nearest)
  })
})
