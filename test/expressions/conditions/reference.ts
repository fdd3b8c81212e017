// A second evaluator of conditions, written from docs/conditions.md alone and as plainly as possible: the judge in
// differential tests. It shares no code with worker/expressions.

import { Temporal } from 'temporal-polyfill'
import type { Condition, ConditionGroup } from '../../../worker/contract/condition.ts'
import type { Json } from '../../../worker/contract/json.ts'

type Given = Json | undefined

export function judge(group: ConditionGroup, data: { [key: string]: Json }, now: number): boolean {
  const answers = group.conditions.map((member) =>
    'conditions' in member ? judge(member, data, now) : judgeOne(member, data, now),
  )
  const trueOnes = answers.filter((answer) => answer).length
  if (group.operator === 'AND') return trueOnes === answers.length
  return group.operator === 'OR' ? trueOnes > 0 : trueOnes === 0
}

function judgeOne({ field, operator, value }: Condition, data: { [key: string]: Json }, now: number): boolean {
  const key = field.replace('trigger.', '')
  const left: Given = Object.keys(data).includes(key) ? data[key] : undefined
  const right: Given = value ?? null
  switch (operator) {
    case '==':
    case 'equals':
      return equal(left, right)
    case '!=':
    case 'not_equals':
      return !equal(left, right)
    case '>':
    case 'greater_than':
      return sizes(left, right)?.[0] === 'more'
    case '<':
    case 'less_than':
      return sizes(left, right)?.[0] === 'less'
    case '>=':
    case 'greater_or_equal':
      return ['more', 'same'].includes(sizes(left, right)?.[0] ?? '')
    case '<=':
    case 'less_or_equal':
      return ['less', 'same'].includes(sizes(left, right)?.[0] ?? '')
    case 'contains':
    case 'includes':
      return contains(left, right)
    case 'not_contains':
    case 'not_includes':
      return !contains(left, right)
    case 'starts_with':
      return onTexts(left, right, (text, part) => text.indexOf(part) === 0)
    case 'ends_with':
      return onTexts(
        left,
        right,
        (text, part) => text.slice(text.length - part.length) === part && part.length <= text.length,
      )
    case 'matches_regex':
      return onTexts(left, right, (text, pattern) =>
        pattern.startsWith('(?i)')
          ? new RegExp(pattern.slice(4), 'iu').test(text)
          : new RegExp(pattern, 'u').test(text),
      )
    case 'in':
      return among(left, right)
    case 'not_in':
      return !among(left, right)
    case 'exists':
      return !isNothing(left)
    case 'not_exists':
      return isNothing(left)
    case 'is_empty':
      return isEmpty(left)
    case 'is_not_empty':
      return !isEmpty(left)
    case 'before_date':
      return onInstants(left, right, (a, b) => a < b)
    case 'after_date':
      return onInstants(left, right, (a, b) => a > b)
    case 'between_dates': {
      const [from, to] = Array.isArray(right)
        ? right.length === 2
          ? right
          : []
        : typeof right === 'object' && right !== null
          ? [right['from'], right['to']]
          : []
      const wholeDay = typeof to === 'string' && to.trim().length === 10 ? 24 * 60 * 60 * 1_000 - 1 : 0
      return onInstants(left, from, (a, b) => a >= b) && onInstants(left, to, (a, b) => a <= b + wholeDay)
    }
    case 'newer_than':
      return onAge(left, right, now, (age, length) => age < length)
    case 'older_than':
      return onAge(left, right, now, (age, length) => age > length)
  }
}

function isNothing(given: Given): boolean {
  return given === undefined || given === null
}

function kind(given: Given): string {
  if (isNothing(given)) return 'nothing'
  return Array.isArray(given) ? 'list' : typeof given
}

function equal(a: Given, b: Given): boolean {
  switch (`${kind(a)} ${kind(b)}`) {
    case 'nothing nothing':
      return true
    case 'number number':
    case 'boolean boolean':
      return a === b
    case 'string string':
      return String(a).normalize('NFC') === String(b).normalize('NFC')
    case 'number string':
      return figure(b) === a
    case 'string number':
      return figure(a) === b
    case 'boolean string':
    case 'string boolean':
      return String(a) === String(b)
    case 'list list': {
      const [left, right] = [a as Json[], b as Json[]]
      return left.length === right.length && left.filter((item, index) => !equal(item, right[index])).length === 0
    }
    case 'object object': {
      const [left, right] = [a as { [key: string]: Json }, b as { [key: string]: Json }]
      const keys = new Set([...Object.keys(left), ...Object.keys(right)])
      return [...keys].every((key) => key in left && key in right && equal(left[key], right[key]))
    }
    default:
      return false
  }
}

/** A number, or the number that a text writes in plain decimal digits. */
function figure(given: Given): number | undefined {
  if (typeof given === 'number') return given
  if (typeof given !== 'string') return undefined
  const text = given.trim()
  return /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text) ? Number.parseFloat(text) : undefined
}

function sizes(a: Given, b: Given): ['less' | 'same' | 'more'] | undefined {
  const rank = (left: number | string, right: number | string): ['less' | 'same' | 'more'] =>
    left < right ? ['less'] : left > right ? ['more'] : ['same']
  const [left, right] = [figure(a), figure(b)]
  if (left !== undefined && right !== undefined) return rank(left, right)
  if (typeof a !== 'string' || typeof b !== 'string') return undefined
  const [from, to] = [instant(a), instant(b)]
  if (from !== undefined && to !== undefined) return rank(from, to)
  return rank(a.normalize('NFC'), b.normalize('NFC'))
}

function asText(given: Given): string | undefined {
  if (typeof given === 'number') return `${given}`
  return typeof given === 'string' ? given.normalize('NFC') : undefined
}

function onTexts(a: Given, b: Given, compare: (text: string, part: string) => boolean): boolean {
  const [text, part] = [asText(a), asText(b)]
  return text === undefined || part === undefined ? false : compare(text, part)
}

function contains(field: Given, value: Given): boolean {
  if (kind(field) === 'list') return (field as Json[]).filter((item) => equal(item, value)).length > 0
  return onTexts(field, value, (text, part) => text.split(part).length > 1 || part === '')
}

function among(field: Given, value: Given): boolean {
  const candidates = kind(value) === 'list' ? (value as Json[]) : [value]
  const own = kind(field) === 'list' ? [field, ...(field as Json[])] : [field]
  return own.some((each) => candidates.some((candidate) => equal(each, candidate)))
}

function isEmpty(field: Given): boolean {
  switch (kind(field)) {
    case 'nothing':
      return true
    case 'string':
      return String(field).trim().length === 0
    case 'list':
    case 'object':
      return JSON.stringify(field).length === 2
    default:
      return false
  }
}

function instant(given: Given): number | undefined {
  if (typeof given === 'number') {
    const ms = Math.abs(given) < 1e11 ? given * 1_000 : given
    return ms >= Date.parse('0001-01-01T00:00:00Z') && ms <= Date.parse('9999-12-31T23:59:59.999Z') ? ms : undefined
  }
  if (typeof given !== 'string') return undefined
  const text = given.trim()
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.PlainDate.from(text).toZonedDateTime('UTC').epochMilliseconds
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?$/.test(text)) return undefined
    return Temporal.Instant.from(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`).epochMilliseconds
  } catch {
    return undefined
  }
}

function onInstants(a: Given, b: Given, compare: (a: number, b: number) => boolean): boolean {
  const [left, right] = [instant(a), instant(b)]
  return left === undefined || right === undefined ? false : compare(left, right)
}

const lengths: Record<string, number> = { '24 hours': 864e5, P7D: 6048e5, '30m': 18e5, '1 month': 2592e6 }

function onAge(field: Given, value: Given, now: number, compare: (age: number, length: number) => boolean): boolean {
  const at = instant(field)
  const length =
    typeof value === 'string'
      ? lengths[value]
      : JSON.stringify(value) === '{"amount":7,"unit":"days"}'
        ? 6048e5
        : undefined
  return at === undefined || length === undefined ? false : compare(now - at, length)
}
