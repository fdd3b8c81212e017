import type { Json } from '../../contract/json.ts'
import { toJson } from '../leave.ts'
import { limits } from '../limits.ts'
import { Problem } from '../problem.ts'
import { toJsonText, toText } from '../text.ts'
import { isObject, kindOf, type Value } from '../value.ts'
import { defineFunction, defineMethod, optional, rest, text, value, whole, type Definition } from './define.ts'

/** Functions for any kind of value: what it is, whether it is there, and its text. */
export const generalFunctions: readonly Definition[] = [
  defineFunction({
    name: 'type',
    takes: [value('value')],
    gives: 'text',
    forgiving: true,
    description: 'The kind of a value: text, number, boolean, list, object, date, null or missing.',
    example: 'type([1, 2])',
    result: 'list',
    run: ([given]) => kindOf(given),
  }),
  defineFunction({
    name: 'exists',
    takes: [value('value')],
    gives: 'boolean',
    forgiving: true,
    description: 'Whether there is a value: the path leads somewhere, and not to null.',
    example: 'exists(trigger.body.email)',
    result: true,
    run: ([given]) => given !== null && given !== undefined,
  }),
  defineFunction({
    name: 'isEmpty',
    takes: [value('value')],
    gives: 'boolean',
    forgiving: true,
    description: 'Whether there is nothing in it: missing, null, blank text, [] or {}.',
    example: 'isEmpty("  ")',
    result: true,
    run: ([given]) => isEmptyValue(given),
  }),
  defineFunction({
    name: 'coalesce',
    takes: [rest(value('values'))],
    gives: 'value',
    forgiving: true,
    description: 'The first value that is there: not missing, null or blank text.',
    example: 'coalesce(trigger.body.nickname, "", "friend")',
    result: 'friend',
    run: ([given]) =>
      given.find((each) => each !== null && each !== undefined && !(typeof each === 'string' && each.trim() === '')),
  }),
  defineFunction({
    name: 'text',
    aliases: ['String'],
    takes: [value('value')],
    gives: 'text',
    description: 'A value as text: nothing for null, ISO for dates, JSON for lists and objects.',
    example: 'text([1, 2])',
    result: '[1,2]',
    run: ([given], evaluation) => toText(given, evaluation),
  }),
  defineFunction({
    name: 'boolean',
    aliases: ['Boolean'],
    takes: [value('value')],
    gives: 'boolean',
    forgiving: true,
    description: 'Yes or no: false for nothing, 0, empty text, and the texts false, no, off and 0.',
    example: 'boolean("no")',
    result: false,
    run: ([given]) =>
      typeof given === 'string' ? !/^\s*(?:|false|no|off|0)\s*$/i.test(given.slice(0, 20)) : Boolean(given),
  }),
  defineFunction({
    name: 'list',
    takes: [value('value')],
    gives: 'list',
    forgiving: true,
    description: 'A list as it is, nothing as an empty list, anything else as a list of one item.',
    example: 'list("a")',
    result: ['a'],
    run: ([given]) => (Array.isArray(given) ? given : given === null || given === undefined ? [] : [given]),
  }),
  defineFunction({
    name: 'isList',
    aliases: ['Array.isArray'],
    takes: [value('value')],
    gives: 'boolean',
    forgiving: true,
    description: 'Whether it is a list.',
    example: 'isList([])',
    result: true,
    run: ([given]) => Array.isArray(given),
  }),
  defineFunction({
    name: 'parseJson',
    aliases: ['JSON.parse'],
    takes: [text('text')],
    gives: 'value',
    description: 'The value that a JSON text writes.',
    example: 'parseJson("{\\"a\\": 1}").a',
    result: 1,
    run: ([given], evaluation) => {
      evaluation.spendText(given.length)
      return parseJson(given)
    },
  }),
  defineFunction({
    name: 'toJson',
    aliases: ['JSON.stringify'],
    takes: [value('value'), optional(whole('indent', 0, 2))],
    gives: 'text',
    description: 'A value as JSON text, indented by so many blanks (0).',
    example: 'toJson({ a: [1, 2] })',
    result: '{"a":[1,2]}',
    run: ([given, indent = 0], evaluation) => toJsonText(given, evaluation, indent),
  }),
  defineMethod('any', {
    name: 'toJson',
    takes: [optional(whole('indent', 0, 2))],
    gives: 'text',
    description: 'As JSON text, indented by so many blanks (0).',
    example: '[1, "a"].toJson()',
    result: '[1,"a"]',
    run: (self, [indent = 0], evaluation) => toJsonText(self, evaluation, indent),
  }),
  defineMethod('any', {
    name: 'toText',
    takes: [],
    gives: 'text',
    description: 'As text: ISO for dates, JSON for lists and objects.',
    example: '(12.5).toText()',
    result: '12.5',
    run: (self, _arguments, evaluation) => toText(self, evaluation),
  }),
  defineMethod('any', {
    name: 'isEmpty',
    takes: [],
    gives: 'boolean',
    description: 'Whether there is nothing in it: blank text, [] or {}.',
    example: '[].isEmpty()',
    result: true,
    run: (self) => isEmptyValue(self),
  }),
]

function isEmptyValue(given: Value): boolean {
  if (given === null || given === undefined) return true
  if (typeof given === 'string') return given.trim() === ''
  if (Array.isArray(given)) return given.length === 0
  return isObject(given) && Object.keys(given).length === 0
}

function parseJson(given: string): Json {
  let parsed: Json
  try {
    parsed = JSON.parse(given)
  } catch {
    throw new Problem(
      'expression.value',
      `This text is not JSON: “${given.slice(0, 40)}${given.length > 40 ? '…' : ''}”.`,
    )
  }
  // Takes out `__proto__` keys, and refuses what is nested too deep.
  return toJson(parsed, { left: limits.textLength * 8 })
}
