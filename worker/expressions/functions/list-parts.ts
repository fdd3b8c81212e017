import { isSame } from '../operators.ts'
import { Problem } from '../problem.ts'
import { toText } from '../text.ts'
import { readKey, setKey, type Value, type ValueObject } from '../value.ts'
import { defineMethod, list, optional, rest, text, value, whole, type Definition } from './define.ts'
import { Distinct } from './distinct.ts'

const anyIndex = [-1_000_000, 1_000_000] as const

/** Methods of lists that take, join and compare items. */
export const listParts: readonly Definition[] = [
  defineMethod('list', {
    name: 'first',
    takes: [optional(whole('count', 0, 1_000_000))],
    gives: 'value',
    description: 'The first item, or a list of the first few.',
    example: '["a", "b", "c"].first()',
    result: 'a',
    run: (self, [count]) => (count === undefined ? self[0] : self.slice(0, count)),
  }),
  defineMethod('list', {
    name: 'last',
    takes: [optional(whole('count', 0, 1_000_000))],
    gives: 'value',
    description: 'The last item, or a list of the last few.',
    example: '["a", "b", "c"].last(2)',
    result: ['b', 'c'],
    run: (self, [count]) => (count === undefined ? self.at(-1) : self.slice(Math.max(0, self.length - count))),
  }),
  defineMethod('list', {
    name: 'at',
    takes: [whole('index', ...anyIndex)],
    gives: 'value',
    description: 'One item, from 0; negative places count from the end.',
    example: '["a", "b", "c"].at(-1)',
    result: 'c',
    run: (self, [index]) => self.at(index),
  }),
  defineMethod('list', {
    name: 'slice',
    takes: [optional(whole('from', ...anyIndex)), optional(whole('to', ...anyIndex))],
    gives: 'list',
    description: 'The items from one place up to another; negative places count from the end.',
    example: '[1, 2, 3, 4].slice(1, 3)',
    result: [2, 3],
    run: (self, [from, to]) => self.slice(from, to),
  }),
  defineMethod('list', {
    name: 'concat',
    takes: [rest(value('lists'))],
    gives: 'list',
    description: 'With the items of other lists, or single values, after its own.',
    example: '[1].concat([2, 3], 4)',
    result: [1, 2, 3, 4],
    run(self, [others], evaluation) {
      const joined = [...self]
      for (const other of others) {
        if (!Array.isArray(other)) joined.push(other)
        else for (const item of other) joined.push(item)
        evaluation.spendItems(joined.length)
      }
      return joined
    },
  }),
  defineMethod('list', {
    name: 'reverse',
    aliases: ['toReversed'],
    takes: [],
    gives: 'list',
    description: 'From the last item to the first.',
    example: '[1, 2, 3].reverse()',
    result: [3, 2, 1],
    run: (self) => self.toReversed(),
  }),
  defineMethod('list', {
    name: 'includes',
    aliases: ['contains'],
    takes: [value('value')],
    gives: 'boolean',
    description: 'Whether one of the items is the same as the value.',
    example: '["vip", "new"].includes("vip")',
    result: true,
    run(self, [wanted], evaluation) {
      evaluation.spendItems(self.length)
      return self.some((item) => isSame(evaluation, item, wanted))
    },
  }),
  defineMethod('list', {
    name: 'indexOf',
    takes: [value('value')],
    gives: 'number',
    description: 'Where the value first stands, from 0; -1 when it is not there.',
    example: '["a", "b"].indexOf("b")',
    result: 1,
    run(self, [wanted], evaluation) {
      evaluation.spendItems(self.length)
      return self.findIndex((item) => isSame(evaluation, item, wanted))
    },
  }),
  defineMethod('list', {
    name: 'join',
    takes: [optional(text('separator'))],
    gives: 'text',
    description: 'The items as one text, with a separator (a comma) between them.',
    example: '["a", "b"].join(" and ")',
    result: 'a and b',
    run(self, [separator = ','], evaluation) {
      evaluation.spendItems(self.length)
      let length = Math.max(0, self.length - 1) * separator.length
      const texts = self.map((item) => {
        const written = toText(item, evaluation)
        length += written.length
        return written
      })
      evaluation.spendText(length)
      return texts.join(separator)
    },
  }),
  defineMethod('list', {
    name: 'unique',
    takes: [],
    gives: 'list',
    description: 'Each different item once.',
    example: '[1, 2, 1].unique()',
    result: [1, 2],
    run(self, _arguments, evaluation) {
      evaluation.spendItems(self.length)
      const seen = new Distinct(evaluation)
      return self.filter((item) => seen.add(item))
    },
  }),
  defineMethod('list', {
    name: 'compact',
    takes: [],
    gives: 'list',
    description: 'Without what is null, missing or empty text.',
    example: '["a", null, "", 0].compact()',
    result: ['a', 0],
    run: (self) => self.filter((item) => item !== null && item !== undefined && item !== ''),
  }),
  defineMethod('list', {
    name: 'flat',
    takes: [optional(whole('levels', 1, 20))],
    gives: 'list',
    description: 'With the items of lists inside it in their place, so many levels deep (1).',
    example: '[1, [2, [3]]].flat()',
    result: [1, 2, [3]],
    run(self, [levels = 1], evaluation) {
      let flat = self
      for (let level = 0; level < levels && flat.some((item) => Array.isArray(item)); level++) {
        evaluation.spendItems(flat.reduce<number>((sum, item) => sum + (Array.isArray(item) ? item.length : 1), 0))
        flat = flat.flat(1)
      }
      return flat
    },
  }),
  defineMethod('list', {
    name: 'pluck',
    takes: [text('key')],
    gives: 'list',
    description: 'One field of each item; null where an item does not have it.',
    example: '[{ id: 1 }, { id: 2 }].pluck("id")',
    result: [1, 2],
    run: (self, [key]) => self.map((item) => fieldOf(item, key)),
  }),
  defineMethod('list', {
    name: 'without',
    takes: [rest(value('values'))],
    gives: 'list',
    description: 'Without items that are the same as one of the values.',
    example: '["a", "b", "c"].without("b")',
    result: ['a', 'c'],
    run(self, [unwanted], evaluation) {
      const set = new Distinct(evaluation, unwanted)
      return self.filter((item) => !set.has(item))
    },
  }),
  defineMethod('list', {
    name: 'union',
    takes: [list('other')],
    gives: 'list',
    description: 'Each different item of both lists once.',
    example: '[1, 2].union([2, 3])',
    result: [1, 2, 3],
    run(self, [other], evaluation) {
      evaluation.spendItems(self.length + other.length)
      const seen = new Distinct(evaluation)
      return [...self, ...other].filter((item) => seen.add(item))
    },
  }),
  defineMethod('list', {
    name: 'intersection',
    takes: [list('other')],
    gives: 'list',
    description: 'The items that are in both lists.',
    example: '[1, 2].intersection([2, 3])',
    result: [2],
    run(self, [other], evaluation) {
      const set = new Distinct(evaluation, other)
      evaluation.spendItems(self.length)
      return self.filter((item) => set.has(item))
    },
  }),
  defineMethod('list', {
    name: 'difference',
    takes: [list('other')],
    gives: 'list',
    description: 'The items that are not in the other list.',
    example: '[1, 2].difference([2, 3])',
    result: [1],
    run(self, [other], evaluation) {
      const set = new Distinct(evaluation, other)
      evaluation.spendItems(self.length)
      return self.filter((item) => !set.has(item))
    },
  }),
  defineMethod('list', {
    name: 'chunk',
    takes: [whole('size', 1, 1_000_000)],
    gives: 'list',
    description: 'Lists of so many items each; the last may be shorter.',
    example: '[1, 2, 3].chunk(2)',
    result: [[1, 2], [3]],
    run(self, [size], evaluation) {
      evaluation.spendItems(self.length)
      return Array.from({ length: Math.ceil(self.length / size) }, (_, index) =>
        self.slice(index * size, (index + 1) * size),
      )
    },
  }),
  defineMethod('list', {
    name: 'zip',
    takes: [list('other')],
    gives: 'list',
    description: 'Pairs of items that stand at the same place; as many as the shorter list has.',
    example: '["a", "b"].zip([1, 2])',
    result: [
      ['a', 1],
      ['b', 2],
    ],
    run: (self, [other]) => self.slice(0, other.length).map((item, index) => [item, other[index]]),
  }),
  defineMethod('list', {
    name: 'toObject',
    takes: [],
    gives: 'object',
    description: 'An object from pairs of key and value; the reverse of entries.',
    example: '[["a", 1], ["b", 2]].toObject()',
    result: { a: 1, b: 2 },
    run(self, _arguments, evaluation) {
      evaluation.spendItems(self.length)
      return objectFromPairs(self)
    },
  }),
]

/** An object from a list of [key, value]. */
export function objectFromPairs(pairs: readonly Value[]): ValueObject {
  const object: ValueObject = {}
  for (const pair of pairs) {
    const [key, item] = Array.isArray(pair) ? pair : []
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw new Problem('expression.type', 'Each item must be a pair of key and value: ["name", "Ada"].')
    }
    setKey(object, String(key), item)
  }
  return object
}

function fieldOf(item: Value, key: string): Value {
  return readKey(item, key) ?? null
}
