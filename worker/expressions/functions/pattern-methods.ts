import type { RE2JS } from 're2js'
import type { Evaluation } from '../evaluation.ts'
import { compilePattern, searchCost } from '../pattern.ts'
import { setKey, type Value, type ValueObject } from '../value.ts'
import { defineMethod, optional, text, type Definition } from './define.ts'

/** Methods of text that search with patterns in RE2 syntax: JavaScript's without lookaround and backreferences. */
export const patternMethods: readonly Definition[] = [
  defineMethod('text', {
    name: 'matches',
    takes: [text('pattern'), optional(text('flags'))],
    gives: 'boolean',
    description: 'Whether the pattern occurs in it. Flags: i any case, m lines, s dot takes line ends.',
    example: '"Invoice 2026-11".matches("^invoice \\\\d{4}", "i")',
    result: true,
    run: (self, [pattern, flags], evaluation) => prepare(evaluation, pattern, flags, self).test(self),
  }),
  defineMethod('text', {
    name: 'match',
    takes: [text('pattern'), optional(text('flags'))],
    gives: 'text',
    description: 'The first place that the pattern matches: its group, if the pattern has one. Nothing when none does.',
    example: '"Order #4711 paid".match("#(\\\\d+)")',
    result: '4711',
    run(self, [pattern, flags], evaluation) {
      const compiled = prepare(evaluation, pattern, flags, self)
      const matcher = compiled.matcher(self)
      if (!matcher.find()) return undefined
      return matcher.group(compiled.groupCount() === 0 ? 0 : 1) ?? undefined
    },
  }),
  defineMethod('text', {
    name: 'matchAll',
    takes: [text('pattern'), optional(text('flags'))],
    gives: 'list',
    description: 'Every place that the pattern matches: its group, if the pattern has one.',
    example: '"a1 b22".matchAll("\\\\d+")',
    result: ['1', '22'],
    run(self, [pattern, flags], evaluation) {
      const compiled = prepare(evaluation, pattern, flags, self)
      const group = compiled.groupCount() === 0 ? 0 : 1
      const found: Value[] = []
      const matcher = compiled.matcher(self)
      while (matcher.find()) {
        evaluation.spend(1)
        found.push(matcher.group(group) ?? null)
      }
      return found
    },
  }),
  defineMethod('text', {
    name: 'capture',
    takes: [text('pattern'), optional(text('flags'))],
    gives: 'object',
    description: 'The named groups of the first match as an object. Nothing when the pattern does not match.',
    example: '"2026-11".capture("(?P<year>\\\\d+)-(?P<month>\\\\d+)")',
    result: { year: '2026', month: '11' },
    run(self, [pattern, flags], evaluation) {
      const compiled = prepare(evaluation, pattern, flags, self)
      const matcher = compiled.matcher(self)
      if (!matcher.find()) return undefined
      const groups: ValueObject = {}
      for (const [name, index] of Object.entries(compiled.namedGroups()))
        setKey(groups, name, matcher.group(index) ?? null)
      return groups
    },
  }),
  defineMethod('text', {
    name: 'replacePattern',
    takes: [text('pattern'), text('replacement'), optional(text('flags'))],
    gives: 'text',
    description:
      'With every match of the pattern replaced. $1 or $<name> in the replacement is a group, $$ a dollar sign.',
    example: '"2026-11-21".replacePattern("(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3.$2.$1")',
    result: '21.11.2026',
    run(self, [pattern, replacement, flags], evaluation) {
      const compiled = prepare(evaluation, pattern, flags, self)
      const names = compiled.namedGroups()
      const pieces = parseReplacement(replacement)
      const matcher = compiled.matcher(self)
      let result = ''
      let from = 0
      while (matcher.find()) {
        result += self.slice(from, matcher.start())
        for (const piece of pieces) {
          const group = typeof piece === 'string' ? undefined : (names[piece.group] ?? Number(piece.group))
          if (group === undefined) result += piece
          else if (group <= compiled.groupCount()) result += matcher.group(group) ?? ''
        }
        from = matcher.end()
        evaluation.spendText(result.length)
      }
      return result + self.slice(from)
    },
  }),
  defineMethod('text', {
    name: 'splitPattern',
    takes: [text('pattern'), optional(text('flags'))],
    gives: 'list',
    description: 'The pieces between matches of the pattern.',
    example: '"a, b;c".splitPattern("[,;]\\\\s*")',
    result: ['a', 'b', 'c'],
    run: (self, [pattern, flags], evaluation) => prepare(evaluation, pattern, flags, self).split(self, -1),
  }),
]

/** The pattern, with its search paid for. */
function prepare(evaluation: Evaluation, pattern: string, flags: string | undefined, subject: string): RE2JS {
  const compiled = compilePattern(pattern, flags)
  evaluation.spend((searchCost(compiled, subject) >> 8) + 1)
  return compiled
}

/** Plain pieces and groups, by number or name. */
function parseReplacement(replacement: string): (string | { group: string })[] {
  const pieces: (string | { group: string })[] = []
  let from = 0
  for (const match of replacement.matchAll(/\$(?:\$|(\d{1,2})|<(\w{1,64})>)/g)) {
    if (match.index > from) pieces.push(replacement.slice(from, match.index))
    const group = match[1] ?? match[2]
    pieces.push(group === undefined ? '$' : { group })
    from = match.index + match[0].length
  }
  if (from < replacement.length) pieces.push(replacement.slice(from))
  return pieces
}
