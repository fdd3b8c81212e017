import { operand } from '../operators.ts'
import { Problem } from '../problem.ts'
import { toText } from '../text.ts'
import { isTruthy, setKey, type Value, type ValueObject } from '../value.ts'
import { arrow, defineMethod, optional, test, text, value, type Definition, type Lambda } from './define.ts'
import { Distinct } from './distinct.ts'
import { orderValues } from './order.ts'
import { orderTexts } from './text-forms.ts'

/** Methods of lists that go through the items with a function, as in JavaScript. */
export const listLoops: readonly Definition[] = [
  defineMethod('list', {
    name: 'map',
    takes: [arrow('item => …')],
    gives: 'list',
    description: 'Each item made into something else.',
    example: '[1, 2, 3].map(n => n * 10)',
    result: [10, 20, 30],
    run: (self, [make]) => self.map((item, index) => make(item, index, self)),
  }),
  defineMethod('list', {
    name: 'filter',
    takes: [test('item => …')],
    gives: 'list',
    description: 'The items that pass a test.',
    example: '[5, 12, 8].filter(n => n > 6)',
    result: [12, 8],
    run: (self, [passes]) => self.filter((item, index) => isTruthy(passes(item, index, self))),
  }),
  defineMethod('list', {
    name: 'reject',
    takes: [test('item => …')],
    gives: 'list',
    description: 'The items that fail a test.',
    example: '[5, 12, 8].reject(n => n > 6)',
    result: [5],
    run: (self, [passes]) => self.filter((item, index) => !isTruthy(passes(item, index, self))),
  }),
  defineMethod('list', {
    name: 'partition',
    takes: [test('item => …')],
    gives: 'list',
    description: 'Two lists: the items that pass a test and those that fail.',
    example: '[5, 12, 8].partition(n => n > 6)',
    result: [[12, 8], [5]],
    run(self, [passes]) {
      const passed: Value[] = []
      const failed: Value[] = []
      for (const [index, item] of self.entries()) (isTruthy(passes(item, index, self)) ? passed : failed).push(item)
      return [passed, failed]
    },
  }),
  defineMethod('list', {
    name: 'find',
    takes: [test('item => …')],
    gives: 'value',
    description: 'The first item that passes a test; nothing when none does.',
    example: '[{ id: 1 }, { id: 2 }].find(x => x.id == 2)',
    result: { id: 2 },
    run: (self, [passes]) => self.find((item, index) => isTruthy(passes(item, index, self))),
  }),
  defineMethod('list', {
    name: 'findLast',
    takes: [test('item => …')],
    gives: 'value',
    description: 'The last item that passes a test; nothing when none does.',
    example: '[1, 2, 3].findLast(n => n < 3)',
    result: 2,
    run: (self, [passes]) => self.findLast((item, index) => isTruthy(passes(item, index, self))),
  }),
  defineMethod('list', {
    name: 'findIndex',
    takes: [test('item => …')],
    gives: 'number',
    description: 'Where the first item stands that passes a test, from 0; -1 when none does.',
    example: '["a", "b"].findIndex(x => x == "b")',
    result: 1,
    run: (self, [passes]) => self.findIndex((item, index) => isTruthy(passes(item, index, self))),
  }),
  defineMethod('list', {
    name: 'some',
    takes: [test('item => …')],
    gives: 'boolean',
    description: 'Whether at least one item passes a test.',
    example: '[1, 2].some(n => n > 1)',
    result: true,
    run: (self, [passes]) => self.some((item, index) => isTruthy(passes(item, index, self))),
  }),
  defineMethod('list', {
    name: 'every',
    takes: [test('item => …')],
    gives: 'boolean',
    description: 'Whether all items pass a test.',
    example: '[1, 2].every(n => n > 1)',
    result: false,
    run: (self, [passes]) => self.every((item, index) => isTruthy(passes(item, index, self))),
  }),
  defineMethod('list', {
    name: 'reduce',
    takes: [arrow('(result, item) => …'), optional(value('start'))],
    gives: 'value',
    description: 'One value from all items, made item by item. Without a start the first item is it.',
    example: '[1, 2, 3].reduce((sum, n) => sum + n, 0)',
    result: 6,
    run(self, [combine, start]) {
      if (start === undefined && self.length === 0) {
        throw new Problem(
          'expression.value',
          'An empty list has no first item to begin with. Give a start as the second argument.',
        )
      }
      const [first, items] = start === undefined ? [self[0], self.slice(1)] : [start, self]
      const skipped = start === undefined ? 1 : 0
      return items.reduce<Value>((result, item, index) => combine(result, item, index + skipped, self), first)
    },
  }),
  defineMethod('list', {
    name: 'flatMap',
    takes: [arrow('item => …')],
    gives: 'list',
    description: 'As map, with the lists that come back joined to one.',
    example: '["a b", "c"].flatMap(line => line.split(" "))',
    result: ['a', 'b', 'c'],
    run(self, [make], evaluation) {
      const joined: Value[] = []
      for (const [index, item] of self.entries()) {
        const made = make(item, index, self)
        if (!Array.isArray(made)) {
          joined.push(made)
          continue
        }
        evaluation.spendItems(made.length)
        for (const each of made) joined.push(each)
      }
      return joined
    },
  }),
  defineMethod('list', {
    name: 'groupBy',
    takes: [arrow('item => …')],
    gives: 'object',
    description: 'The items in lists under a key made from each.',
    example: '[{ t: "a", n: 1 }, { t: "b", n: 2 }, { t: "a", n: 3 }].groupBy(x => x.t).mapValues(xs => xs.length)',
    result: { a: 2, b: 1 },
    run(self, [make], evaluation) {
      const groups = new Map<string, Value[]>()
      for (const [index, item] of self.entries()) {
        const key = toText(make(item, index, self), evaluation)
        const group = groups.get(key)
        if (group === undefined) groups.set(key, [item])
        else group.push(item)
      }
      return objectFrom(groups)
    },
  }),
  defineMethod('list', {
    name: 'countBy',
    takes: [arrow('item => …')],
    gives: 'object',
    description: 'How many items there are for each key.',
    example: '["a", "b", "a"].countBy(x => x)',
    result: { a: 2, b: 1 },
    run(self, [make], evaluation) {
      const counts = new Map<string, number>()
      for (const [index, item] of self.entries()) {
        const key = toText(make(item, index, self), evaluation)
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      return objectFrom(counts)
    },
  }),
  defineMethod('list', {
    name: 'keyBy',
    takes: [arrow('item => …')],
    gives: 'object',
    description: 'The items under a key made from each; of several with one key the last.',
    example: '[{ id: "x", n: 1 }].keyBy(item => item.id)',
    result: { x: { id: 'x', n: 1 } },
    run(self, [make], evaluation) {
      return objectFrom(new Map(self.map((item, index) => [toText(make(item, index, self), evaluation), item])))
    },
  }),
  defineMethod('list', {
    name: 'sort',
    aliases: ['toSorted'],
    takes: [optional(arrow('(a, b) => …'))],
    gives: 'list',
    description: 'In order: numbers by size, dates by time, texts by letters. With a function: negative puts a first.',
    example: '[10, 9, 1].sort()',
    result: [1, 9, 10],
    run(self, [order], evaluation) {
      evaluation.spend(self.length)
      return order === undefined ? self.toSorted(orderValues) : self.toSorted((a, b) => operand('sort', order(a, b)))
    },
  }),
  defineMethod('list', {
    name: 'sortBy',
    takes: [arrow('item => …'), optional(text('direction')), optional(text('texts'))],
    gives: 'list',
    description:
      'In the order of what a function makes: "asc" (default) or "desc", nothing last. Texts letter by letter or as in a "dictionary".',
    example: '[{ n: 2 }, { n: 1 }].sortBy(x => x.n).pluck("n")',
    result: [1, 2],
    run(self, [make, direction = 'asc', texts = 'letters'], evaluation) {
      if (direction !== 'asc' && direction !== 'desc') {
        throw new Problem('expression.value', 'The direction of sortBy is "asc" or "desc".')
      }
      if (texts !== 'letters' && texts !== 'dictionary') {
        throw new Problem('expression.value', 'The order of texts is "letters" or "dictionary".')
      }
      evaluation.spend(self.length)
      const order = texts === 'letters' ? orderValues : orderAsDictionary
      const sign = direction === 'asc' ? 1 : -1
      const keyed = self.map((item, index) => ({ item, key: make(item, index, self) }))
      const isNothing = (key: Value): boolean => key === null || key === undefined
      return keyed
        .toSorted((a, b) => order(a.key, b.key) * (isNothing(a.key) || isNothing(b.key) ? 1 : sign))
        .map(({ item }) => item)
    },
  }),
  defineMethod('list', {
    name: 'uniqueBy',
    takes: [arrow('item => …')],
    gives: 'list',
    description: 'The first item for each different value that a function makes.',
    example: '[{ id: 1, n: "a" }, { id: 1, n: "b" }].uniqueBy(x => x.id)',
    result: [{ id: 1, n: 'a' }],
    run(self, [make], evaluation) {
      const seen = new Distinct(evaluation)
      return self.filter((item, index) => seen.add(make(item, index, self)))
    },
  }),
  defineMethod('list', {
    name: 'minBy',
    takes: [arrow('item => …')],
    gives: 'value',
    description: 'The item for which a function makes the smallest value.',
    example: '[{ p: 5 }, { p: 3 }].minBy(x => x.p)',
    result: { p: 3 },
    run: (self, [make]) => extremeBy(self, make, 1),
  }),
  defineMethod('list', {
    name: 'maxBy',
    takes: [arrow('item => …')],
    gives: 'value',
    description: 'The item for which a function makes the largest value.',
    example: '[{ p: 5 }, { p: 3 }].maxBy(x => x.p)',
    result: { p: 5 },
    run: (self, [make]) => extremeBy(self, make, -1),
  }),
]

function orderAsDictionary(a: Value, b: Value): number {
  return typeof a === 'string' && typeof b === 'string' ? orderTexts(a, b) : orderValues(a, b)
}

function objectFrom(entries: ReadonlyMap<string, Value>): ValueObject {
  const object: ValueObject = {}
  for (const [key, item] of entries) setKey(object, key, item)
  return object
}

function extremeBy(items: readonly Value[], make: Lambda, direction: 1 | -1): Value {
  let best: { item: Value; key: Value } | undefined
  for (const [index, item] of items.entries()) {
    const key = make(item, index)
    if (key === null || key === undefined) continue
    if (best === undefined || orderValues(key, best.key) * direction < 0) best = { item, key }
  }
  return best?.item
}
