import { parseFieldPath } from '../conditions/field-path.ts'
import { ExpressionError } from '../error.ts'
import type { Evaluation } from '../evaluation.ts'
import { limits } from '../limits.ts'
import { Problem } from '../problem.ts'
import { isObject, isTruthy, readKey, setKey, type Value, type ValueObject } from '../value.ts'
import {
  arrow,
  defineFunction,
  defineMethod,
  object,
  optional,
  rest,
  test,
  text,
  value,
  list,
  type Definition,
} from './define.ts'
import { objectFromPairs } from './list-parts.ts'

/** Methods of objects, and the functions of JavaScript's `Object` that do the same. */
export const objectMethods: readonly Definition[] = [
  defineMethod('object', {
    name: 'keys',
    takes: [],
    gives: 'list',
    description: 'The names of its fields.',
    example: '({ a: 1, b: 2 }).keys()',
    result: ['a', 'b'],
    run: (self) => Object.keys(self),
  }),
  defineMethod('object', {
    name: 'values',
    takes: [],
    gives: 'list',
    description: 'The values of its fields.',
    example: '({ a: 1, b: 2 }).values()',
    result: [1, 2],
    run: (self) => Object.values(self),
  }),
  defineMethod('object', {
    name: 'entries',
    takes: [],
    gives: 'list',
    description: 'Its fields as pairs of key and value.',
    example: '({ a: 1 }).entries()',
    result: [['a', 1]],
    run: (self, _arguments, evaluation) => pairsOf(self, evaluation),
  }),
  defineMethod('object', {
    name: 'has',
    takes: [text('key')],
    gives: 'boolean',
    description: 'Whether it has a field of that name.',
    example: '({ a: null }).has("a")',
    result: true,
    run: (self, [key]) => Object.hasOwn(self, key),
  }),
  defineMethod('object', {
    name: 'get',
    takes: [text('path'), optional(value('otherwise'))],
    gives: 'value',
    description: 'What stands at a path such as "items[0].name"; otherwise nothing, or what is given for that case.',
    example: '({ a: { b: 1 } }).get("a.b")',
    result: 1,
    run(self, [path, otherwise]) {
      let found: Value = self
      for (const key of readPathText(path)) {
        if (found === undefined || found === null) break
        found = readKey(found, key)
      }
      return found ?? otherwise
    },
  }),
  defineMethod('object', {
    name: 'pick',
    takes: [rest(text('keys'))],
    gives: 'object',
    description: 'Only the named fields, those that it has.',
    example: '({ a: 1, b: 2, c: 3 }).pick("a", "c")',
    result: { a: 1, c: 3 },
    run(self, [keys]) {
      const picked: ValueObject = {}
      for (const key of keys) if (Object.hasOwn(self, key)) setKey(picked, key, self[key])
      return picked
    },
  }),
  defineMethod('object', {
    name: 'omit',
    takes: [rest(text('keys'))],
    gives: 'object',
    description: 'Without the named fields.',
    example: '({ a: 1, b: 2 }).omit("b")',
    result: { a: 1 },
    run(self, [keys], evaluation) {
      const dropped = new Set(keys)
      return filterFields(self, evaluation, (key) => !dropped.has(key))
    },
  }),
  defineMethod('object', {
    name: 'merge',
    takes: [rest(object('others'))],
    gives: 'object',
    description: 'With the fields of other objects; the last one that has a field wins.',
    example: '({ a: 1, b: 1 }).merge({ b: 2 })',
    result: { a: 1, b: 2 },
    run: (self, [others], evaluation) => mergeAll([self, ...others], evaluation),
  }),
  defineMethod('object', {
    name: 'mergeDeep',
    takes: [rest(object('others'))],
    gives: 'object',
    description: 'As merge, and objects that both have are merged in the same way. Lists are replaced, not joined.',
    example: '({ a: { x: 1 } }).mergeDeep({ a: { y: 2 } })',
    result: { a: { x: 1, y: 2 } },
    run: (self, [others], evaluation) =>
      others.reduce<ValueObject>((all, each) => mergeInto(all, each, evaluation), self),
  }),
  defineMethod('object', {
    name: 'mapValues',
    takes: [arrow('(value, key) => …')],
    gives: 'object',
    description: 'Each value made into something else, under the same key.',
    example: '({ a: 1, b: 2 }).mapValues(n => n * 10)',
    result: { a: 10, b: 20 },
    run(self, [make]) {
      const made: ValueObject = {}
      for (const [key, item] of Object.entries(self)) setKey(made, key, make(item, key))
      return made
    },
  }),
  defineMethod('object', {
    name: 'filter',
    takes: [test('(value, key) => …')],
    gives: 'object',
    description: 'Only the fields that pass a test.',
    example: '({ a: 1, b: 2 }).filter(n => n > 1)',
    result: { b: 2 },
    run: (self, [passes], evaluation) => filterFields(self, evaluation, (key, item) => isTruthy(passes(item, key))),
  }),
  defineMethod('object', {
    name: 'map',
    takes: [arrow('(value, key) => …')],
    gives: 'list',
    description: 'A list of what a function makes of each field.',
    example: '({ a: 1, b: 2 }).map((n, key) => key + n)',
    result: ['a1', 'b2'],
    run: (self, [make]) => Object.entries(self).map(([key, item]) => make(item, key)),
  }),
  defineMethod('object', {
    name: 'renameKeys',
    takes: [object('names')],
    gives: 'object',
    description: 'With other names for some fields: { old: "new" }.',
    example: '({ fn: "Ada", age: 36 }).renameKeys({ fn: "firstName" })',
    result: { firstName: 'Ada', age: 36 },
    run(self, [names], evaluation) {
      const renamed: ValueObject = {}
      for (const [key, item] of entriesOf(self, evaluation)) {
        const name = Object.hasOwn(names, key) ? names[key] : undefined
        setKey(renamed, typeof name === 'string' ? name : key, item)
      }
      return renamed
    },
  }),
  defineMethod('object', {
    name: 'compact',
    takes: [],
    gives: 'object',
    description: 'Without fields that are null or empty text.',
    example: '({ a: 1, b: null, c: "" }).compact()',
    result: { a: 1 },
    run: (self, _arguments, evaluation) =>
      filterFields(self, evaluation, (_key, item) => item !== null && item !== undefined && item !== ''),
  }),
  defineMethod('object', {
    name: 'size',
    takes: [],
    gives: 'number',
    description: 'How many fields it has.',
    example: '({ a: 1, b: 2 }).size()',
    result: 2,
    run: (self) => Object.keys(self).length,
  }),
  defineFunction({
    name: 'Object.keys',
    takes: [object('object')],
    gives: 'list',
    description: 'As object.keys().',
    example: 'Object.keys({ a: 1 })',
    result: ['a'],
    run: ([given]) => Object.keys(given),
  }),
  defineFunction({
    name: 'Object.values',
    takes: [object('object')],
    gives: 'list',
    description: 'As object.values().',
    example: 'Object.values({ a: 1 })',
    result: [1],
    run: ([given]) => Object.values(given),
  }),
  defineFunction({
    name: 'Object.entries',
    takes: [object('object')],
    gives: 'list',
    description: 'As object.entries().',
    example: 'Object.entries({ a: 1 })',
    result: [['a', 1]],
    run: ([given], evaluation) => pairsOf(given, evaluation),
  }),
  defineFunction({
    name: 'Object.fromEntries',
    takes: [list('pairs')],
    gives: 'object',
    description: 'As list.toObject().',
    example: 'Object.fromEntries([["a", 1]])',
    result: { a: 1 },
    run([pairs], evaluation) {
      evaluation.spendItems(pairs.length)
      return objectFromPairs(pairs)
    },
  }),
  defineFunction({
    name: 'merge',
    aliases: ['Object.assign'],
    takes: [rest(object('objects'))],
    gives: 'object',
    description: 'One object with the fields of all; the last one that has a field wins.',
    example: 'merge({ a: 1 }, { b: 2 })',
    result: { a: 1, b: 2 },
    run: ([objects], evaluation) => mergeAll(objects, evaluation),
  }),
]

function readPathText(path: string): (string | number)[] {
  try {
    return parseFieldPath(path).path
  } catch (error) {
    throw error instanceof ExpressionError
      ? new Problem('expression.value', `“${path.slice(0, 60)}” is no path such as customer.name or items[0].id.`)
      : error
  }
}

function entriesOf(self: ValueObject, evaluation: Evaluation): [string, Value][] {
  const entries = Object.entries(self)
  evaluation.spendItems(entries.length)
  return entries
}

function pairsOf(self: ValueObject, evaluation: Evaluation): Value[] {
  return entriesOf(self, evaluation).map(([key, item]) => [key, item])
}

function filterFields(
  self: ValueObject,
  evaluation: Evaluation,
  keep: (key: string, item: Value) => boolean,
): ValueObject {
  const kept: ValueObject = {}
  for (const [key, item] of entriesOf(self, evaluation)) if (keep(key, item)) setKey(kept, key, item)
  return kept
}

/** Values that can be merged are no deeper than values may be, so this ends. */
function mergeInto(target: ValueObject, added: ValueObject, evaluation: Evaluation, depth = 0): ValueObject {
  if (depth >= limits.valueDepth) {
    throw new Problem('expression.limit_exceeded', `Values nested deeper than ${limits.valueDepth} cannot be merged.`)
  }
  evaluation.spendItems(Object.keys(target).length)
  const merged: ValueObject = { ...target }
  for (const [key, item] of entriesOf(added, evaluation)) {
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined
    const both = isObject(before) && isObject(item)
    setKey(merged, key, both ? mergeInto(before, item, evaluation, depth + 1) : item)
  }
  return merged
}

function mergeAll(objects: readonly ValueObject[], evaluation: Evaluation): ValueObject {
  const merged: ValueObject = {}
  for (const each of objects) for (const [key, item] of entriesOf(each, evaluation)) setKey(merged, key, item)
  return merged
}
