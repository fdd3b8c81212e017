import type { z } from 'zod'

/** What is wrong with one value, as the second half of a sentence: `must be a whole number`. */
export function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}${butIs(value)}`
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `must ${verb(issue.origin)} ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.minimum, issue.origin)}`
    case 'too_big':
      return `must ${verb(issue.origin)} ${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.maximum, issue.origin)}`
    case 'invalid_value':
      return value === undefined
        ? `is missing; it is ${choice(issue.values)}`
        : `must be ${choice(issue.values)}${butIs(value)}`
    case 'unrecognized_keys':
      return `has no param ${issue.keys.map((key) => `"${key}"`).join(', ')}`
    case 'invalid_union':
      return 'has none of the forms it may have'
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_key':
      return 'has a name that is not allowed'
    case 'invalid_element':
      return 'holds a value that is not allowed'
    case 'invalid_format':
      return formats[issue.format] ?? issue.message
    case 'custom':
      return issue.message
  }
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** Formats that have no words of their own where they are asked for. */
const formats: Record<string, string> = {
  datetime: 'must be a date and time with its zone, such as 2026-01-31T09:30:00Z',
  date: 'must be a date such as 2026-01-31',
  email: 'must be an e-mail address',
  url: 'must be an address such as https://example.com',
}

/** Null says that somebody meant to give a value and had none, which is not seen in what was expected. */
const butIs = (value: unknown) => (value === null ? ', and is null' : '')

function choice(values: readonly unknown[]): string {
  return `${values.length === 1 ? '' : 'one of '}${values.map(String).join(', ')}`
}

function verb(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'have' : 'be'
}

function amount(count: number | bigint, origin: string): string {
  if (origin === 'string') return `${count} ${count === 1 ? 'character' : 'characters'}`
  if (origin === 'array') return `${count} ${count === 1 ? 'entry' : 'entries'}`
  return String(count)
}
