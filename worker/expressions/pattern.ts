import { MatcherInput, RE2JS, RE2JSException, type Matcher } from 're2js'
import { BoundedMap } from '../lib/bounded-map.ts'
import { limits } from './limits.ts'
import { Problem } from './problem.ts'

/** Compiled patterns of this process. Compiling costs about a thousand times a short search. */
const compiled = new BoundedMap<string, RE2JS>(500)

const letterFlags: Record<string, number> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
}

/**
 * A pattern for text search, in RE2 syntax: that of JavaScript without lookaround and backreferences. Searching takes
 * time in proportion to the length of the text, whatever the pattern. `flags` are letters of `ims`.
 */
export function compilePattern(pattern: string, flags = ''): RE2JS {
  const key = `${flags}/${pattern}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  if (pattern.length > limits.patternLength) {
    throw new Problem('expression.limit_exceeded', `A pattern may have at most ${limits.patternLength} characters.`)
  }
  let bits = 0
  for (const letter of flags) {
    const bit = Object.hasOwn(letterFlags, letter) ? letterFlags[letter] : undefined
    if (bit === undefined) {
      throw new Problem(
        'expression.value',
        `“${letter}” is not a flag of a pattern. Use i (any case), m (lines) or s (dot takes all).`,
      )
    }
    bits |= bit
  }
  let made: RE2JS
  try {
    made = RE2JS.compile(RE2JS.translateRegExp(pattern), bits)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    throw new Problem('expression.value', explainPattern(pattern, error.message))
  }
  compiled.set(key, made)
  return made
}

/** The steps that one search may take at most. Throws when that is more than a search may cost. */
export function searchCost(pattern: RE2JS, text: string): number {
  if (text.length > limits.patternSubjectLength) {
    throw new Problem(
      'expression.limit_exceeded',
      `A pattern can be applied to at most ${limits.patternSubjectLength} characters, and this text has ${text.length}.`,
    )
  }
  const cost = pattern.programSize() * text.length
  if (cost > limits.patternWork) throw tooMuchWork(text)
  return cost
}

/**
 * Calls `visit` for every match, from the beginning to the end of the text. One search is linear, but to find the next
 * match each search may look at all of the rest (`a.*z|a` in a text without z), so here the steps are counted as they are
 * taken. Gives the number of steps.
 */
export function eachMatch(pattern: RE2JS, text: string, visit: (matcher: Matcher) => void): number {
  searchCost(pattern, text)
  const metered = new MeteredText(text, pattern.programSize())
  const matcher = pattern.matcher(MatcherInput.utf16(metered))
  while (matcher.find()) {
    visit(matcher)
    // Each search clears its table of visited states: one bit each, thousands in the time of a step.
    metered.pay(64 + ((pattern.programSize() * text.length) >> 10))
  }
  return metered.steps
}

/** A text that counts how often it is looked at. */
class MeteredText extends String {
  readonly #text: string
  readonly #size: number
  steps = 0

  constructor(text: string, programSize: number) {
    super(text)
    this.#text = text
    this.#size = programSize
  }

  override charCodeAt(index: number): number {
    this.pay(this.#size)
    return this.#text.charCodeAt(index)
  }

  override indexOf(part: string, from = 0): number {
    const found = this.#text.indexOf(part, from)
    this.pay((found < 0 ? this.#text.length : found) - from)
    return found
  }

  pay(steps: number): void {
    this.steps += steps
    if (this.steps > limits.patternWork) throw tooMuchWork(this.#text)
  }
}

function tooMuchWork(text: string): Problem {
  return new Problem(
    'expression.limit_exceeded',
    `This pattern is too much work on a text of ${text.length} characters. Simplify it or search in a part of the text.`,
  )
}

function explainPattern(pattern: string, message: string): string {
  if (/\(\?<?[=!]/.test(pattern))
    return 'Patterns cannot look ahead or behind, (?= (?! (?<= (?<!: searching would take unbounded time.'
  if (/\\[1-9]/.test(pattern))
    return 'Patterns cannot refer back to a group with \\1: searching would take unbounded time.'
  return `The pattern has a mistake: ${message.replace(/^error parsing regexp: /, '').slice(0, 200)}.`
}
