import { RE2JS, RE2JSException } from 're2js'
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

/** The steps a search may take at most. Throws when that is more than a search may cost. */
export function searchCost(pattern: RE2JS, text: string): number {
  if (text.length > limits.patternSubjectLength) {
    throw new Problem(
      'expression.limit_exceeded',
      `A pattern can be applied to at most ${limits.patternSubjectLength} characters, and this text has ${text.length}.`,
    )
  }
  const cost = pattern.programSize() * text.length
  if (cost > limits.patternWork) {
    throw new Problem(
      'expression.limit_exceeded',
      `This pattern is too large for a text of ${text.length} characters. Simplify it or search in a part of the text.`,
    )
  }
  return cost
}

function explainPattern(pattern: string, message: string): string {
  if (/\(\?<?[=!]/.test(pattern))
    return 'Patterns cannot look ahead or behind, (?= (?! (?<= (?<!: searching would take unbounded time.'
  if (/\\[1-9]/.test(pattern))
    return 'Patterns cannot refer back to a group with \\1: searching would take unbounded time.'
  return `The pattern has a mistake: ${message.replace(/^error parsing regexp: /, '').slice(0, 200)}.`
}
