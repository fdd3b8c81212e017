import type { Matcher, RE2JS } from 're2js'
import type { Evaluation } from '../evaluation.ts'
import { limits } from '../limits.ts'
import { compilePattern, eachMatch, searchCost } from '../pattern.ts'
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
      const compiled = compilePattern(pattern, flags)
      const group = compiled.groupCount() === 0 ? 0 : 1
      const found: Value[] = []
      visitMatches(evaluation, compiled, self, (matcher) => found.push(matcher.group(group) ?? null))
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
      const compiled = compilePattern(pattern, flags)
      const names = compiled.namedGroups()
      const pieces = parseReplacement(replacement)
      let result = ''
      let from = 0
      visitMatches(evaluation, compiled, self, (matcher) => {
        result += self.slice(from, matcher.start())
        for (const piece of pieces) {
          const group = typeof piece === 'string' ? undefined : (names[piece.group] ?? Number(piece.group))
          if (group === undefined) result += piece
          else if (group <= compiled.groupCount()) result += matcher.group(group) ?? ''
        }
        from = matcher.end()
        if (result.length > limits.textLength) evaluation.spendText(result.length)
      })
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
    run(self, [pattern, flags], evaluation) {
      const pieces: string[] = []
      let from = 0
      visitMatches(evaluation, compilePattern(pattern, flags), self, (matcher) => {
        const [start, end] = [matcher.start(), matcher.end()]
        // A match of nothing splits between characters only: not at the edges, and not right after another match.
        if (end === start && (start === from || start === self.length)) return
        pieces.push(self.slice(from, start))
        from = end
      })
      return [...pieces, self.slice(from)]
    },
  }),
]

/** Goes through all matches, and pays for the search and for each. */
function visitMatches(evaluation: Evaluation, pattern: RE2JS, text: string, visit: (matcher: Matcher) => void): void {
  const steps = eachMatch(pattern, text, (matcher) => {
    evaluation.spend(1)
    visit(matcher)
  })
  evaluation.spend((steps >> 8) + 1)
}

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
