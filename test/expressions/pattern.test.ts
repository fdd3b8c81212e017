import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOf, evaluate } from './evaluate.ts'

const pattern = fc.constantFrom(
  'a',
  'b*',
  'a+b',
  '(a)(b)?',
  '[ab]+',
  'a|bc',
  '',
  '\\d+',
  '(\\w)(\\d)',
  '[,;]\\s*',
  '^a',
  'b$',
  'é|ö',
  '.',
  '(?:ab)+?',
  'a{2,3}',
  '\\s',
  '😀',
  'x?',
  '\\b',
)
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ',', ';', ' ', 'é', '😀'), maxLength: 30 })

describe('patterns', () => {
  test('find, split and replace as those of JavaScript', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const data = { source, subject }
        const native = new RegExp(source, 'gu')
        const ask = (call: string) => evaluate(call, data)
        expect(ask('trigger.subject.matches(trigger.source)')).toBe(new RegExp(source, 'u').test(subject))
        const first = new RegExp(source, 'u').exec(subject)
        const groups = (match: RegExpExecArray) => (match.length > 1 ? (match[1] ?? null) : match[0])
        expect(ask('trigger.subject.match(trigger.source)')).toEqual(first === null ? null : groups(first))
        if (source !== '\\b') {
          expect(ask('trigger.subject.matchAll(trigger.source)')).toEqual([...subject.matchAll(native)].map(groups))
          expect(ask('trigger.subject.replacePattern(trigger.source, "<$1$$>")')).toBe(
            subject.replace(native, (...args: unknown[]) => `<${typeof args[1] === 'string' ? args[1] : ''}$>`),
          )
        }
        if (!source.includes('(') && source !== '\\b') {
          expect(ask('trigger.subject.splitPattern(trigger.source)')).toEqual(
            subject === '' && native.test('') ? [''] : subject.split(native),
          )
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['"Ada LOVELACE".matches("^ada love", "i")', true],
    ['"a\\nb".matchAll("^.$", "m")', ['a', 'b']],
    ['"a\\nb".match("a.b")', null],
    ['"a\\nb".match("a.b", "s")', 'a\nb'],
    ['"k1=v1&k2=v2".matchAll("(\\\\w+)=")', ['k1', 'k2']],
    ['"2026-11".capture("(?<year>\\\\d+)-(?<month>\\\\d+)")', { year: '2026', month: '11' }],
    ['"x".capture("(?P<a>a)?x")', { a: null }],
    ['"x".capture("y")', null],
    [
      '"Ada Lovelace".replacePattern("(?P<first>\\\\w+) (?P<last>\\\\w+)", "$<last>, $<first> $0 $9")',
      'Lovelace, Ada Ada Lovelace ',
    ],
    ['"a.b".replacePattern("\\\\.", "$$")', 'a$b'],
  ])('%s', (source, result) => {
    expect(evaluate(source)).toEqual(result)
  })

  test('flags are letters that are known', () => {
    expect(errorOf(() => evaluate('"a".matches("a", "g")')).message).toContain('“g” is not a flag')
  })

  test('many matches in a long text cost no more than the text', () => {
    const text = 'order 4711, '.repeat(2_000)
    expect(evaluate('trigger.text.matchAll("[0-9]+").length', { text }, { fuel: 50_000 })).toBe(2_000)
  })
})
