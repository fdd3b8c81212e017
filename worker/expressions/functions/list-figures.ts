import { DateValue } from '../dates/date-value.ts'
import type { Evaluation } from '../evaluation.ts'
import { operand } from '../operators.ts'
import { Problem } from '../problem.ts'
import { isTruthy, type Value } from '../value.ts'
import { arrow, defineFunction, defineMethod, number, optional, test, type Definition, type Lambda } from './define.ts'
import { orderValues } from './order.ts'

/** Methods of lists that give one figure, and lists of figures. */
export const listFigures: readonly Definition[] = [
  defineMethod('list', {
    name: 'sum',
    takes: [optional(arrow('item => …'))],
    gives: 'number',
    description: 'All numbers added; with a function, what it makes of each item. Nothing counts as 0.',
    example: '[{ price: 5 }, { price: 7 }].sum(item => item.price)',
    result: 12,
    run: (self, [make], evaluation) => total(figures(self, make, evaluation)),
  }),
  defineMethod('list', {
    name: 'avg',
    aliases: ['mean'],
    takes: [optional(arrow('item => …'))],
    gives: 'number',
    description: 'The average; of an empty list nothing.',
    example: '[1, 2, 6].avg()',
    result: 3,
    run(self, [make], evaluation) {
      const numbers = figures(self, make, evaluation)
      return numbers.length === 0 ? undefined : total(numbers) / numbers.length
    },
  }),
  defineMethod('list', {
    name: 'median',
    takes: [optional(arrow('item => …'))],
    gives: 'number',
    description: 'The figure in the middle; of an empty list nothing.',
    example: '[1, 9, 2].median()',
    result: 2,
    run(self, [make], evaluation) {
      const numbers = figures(self, make, evaluation).sort((a, b) => a - b)
      const middle = numbers.length >> 1
      const upper = numbers[middle]
      if (upper === undefined || numbers.length % 2 === 1) return upper
      return ((numbers[middle - 1] ?? upper) + upper) / 2
    },
  }),
  defineMethod('list', {
    name: 'min',
    takes: [optional(arrow('item => …'))],
    gives: 'value',
    description: 'The smallest number, earliest date or first text; of an empty list nothing.',
    example: '[3, 1, 2].min()',
    result: 1,
    run: (self, [make], evaluation) => extreme(keysOf(self, make, evaluation), 1),
  }),
  defineMethod('list', {
    name: 'max',
    takes: [optional(arrow('item => …'))],
    gives: 'value',
    description: 'The largest number, latest date or last text; of an empty list nothing.',
    example: '[3, 1, 2].max()',
    result: 3,
    run: (self, [make], evaluation) => extreme(keysOf(self, make, evaluation), -1),
  }),
  defineMethod('list', {
    name: 'count',
    takes: [optional(test('item => …'))],
    gives: 'number',
    description: 'How many items there are, or how many pass a test.',
    example: '[5, 12, 8].count(n => n > 6)',
    result: 2,
    run: (self, [passes]) =>
      passes === undefined ? self.length : self.filter((item, index) => isTruthy(passes(item, index, self))).length,
  }),
  defineFunction({
    name: 'range',
    takes: [number('from'), number('to'), optional(number('step'))],
    gives: 'list',
    description: 'The numbers from one to another, both included.',
    example: 'range(1, 5)',
    result: [1, 2, 3, 4, 5],
    run([from, to, step = from <= to ? 1 : -1], evaluation) {
      const count = Math.floor((to - from) / step + 1e-9) + 1
      if (!Number.isFinite(count)) throw new Problem('expression.value', 'The step of a range must not be 0.')
      if (count <= 0) return []
      evaluation.spendItems(count)
      return Array.from({ length: count }, (_, index) => from + index * step)
    },
  }),
]

function keysOf(items: readonly Value[], make: Lambda | undefined, evaluation: Evaluation): readonly Value[] {
  evaluation.spendItems(items.length)
  return make === undefined ? items : items.map((item, index) => make(item, index))
}

function figures(items: readonly Value[], make: Lambda | undefined, evaluation: Evaluation): number[] {
  return keysOf(items, make, evaluation)
    .filter((item) => item !== null && item !== undefined)
    .map((item) => operand('sum', item))
}

function total(numbers: readonly number[]): number {
  const sum = numbers.reduce((all, each) => all + each, 0)
  if (!Number.isFinite(sum)) throw new Problem('expression.value', 'The sum is no finite number.')
  return sum
}

function extreme(items: readonly Value[], direction: 1 | -1): Value {
  let best: Value
  for (const item of items) {
    if (item === null || item === undefined) continue
    const kind = typeof item
    if (kind === 'boolean' || (kind === 'object' && !(item instanceof DateValue))) {
      throw new Problem(
        'expression.type',
        'min and max compare numbers, dates and texts. For other items use minBy or maxBy.',
      )
    }
    if (best === undefined || orderValues(item, best) * direction < 0) best = item
  }
  return best
}
