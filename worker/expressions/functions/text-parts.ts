import type { Evaluation } from '../evaluation.ts'
import { limits } from '../limits.ts'
import { firstPlaceOf, lastPlaceOf, piecesOf } from '../search.ts'
import { defineMethod, optional, text, whole, type Definition } from './define.ts'
import { piecesAround } from './pieces-around.ts'

const anyIndex = [-limits.textLength, limits.textLength] as const

/** Looking into a text, and taking parts of it. */
export const textParts: readonly Definition[] = [
  defineMethod('text', {
    name: 'split',
    takes: [text('separator'), optional(whole('limit', 0, 100_000))],
    gives: 'list',
    description: 'The pieces between separators; with "" the single characters.',
    example: '"a,b,c".split(",")',
    result: ['a', 'b', 'c'],
    run(self, [separator, limit], evaluation) {
      evaluation.spendItems(separator === '' ? self.length : self.length >> 3)
      if (separator === '') return [...self].slice(0, limit)
      evaluation.spendSearch(self, separator)
      return piecesOf(self, separator, limit)
    },
  }),
  defineMethod('text', {
    name: 'lines',
    takes: [],
    gives: 'list',
    description: 'The lines, without their ends.',
    example: '"one\\ntwo".lines()',
    result: ['one', 'two'],
    run: (self) => self.split(/\r\n|\n|\r/),
  }),
  defineMethod('text', {
    name: 'words',
    takes: [],
    gives: 'list',
    description: 'The words: letters and digits without what stands between them.',
    example: '"Hello, big world!".words()',
    result: ['Hello', 'big', 'world'],
    run: (self) => self.match(/[\p{L}\p{N}\p{M}'’]+/gu) ?? [],
  }),
  defineMethod('text', {
    name: 'includes',
    aliases: ['contains'],
    takes: [text('part')],
    gives: 'boolean',
    description: 'Whether the part occurs in it.',
    example: '"invoice 42".includes("42")',
    result: true,
    run: (self, [part], evaluation) => find(evaluation, self, part) >= 0,
  }),
  defineMethod('text', {
    name: 'startsWith',
    takes: [text('part')],
    gives: 'boolean',
    description: 'Whether it begins with the part.',
    example: '"invoice 42".startsWith("inv")',
    result: true,
    run: (self, [part]) => self.startsWith(part),
  }),
  defineMethod('text', {
    name: 'endsWith',
    takes: [text('part')],
    gives: 'boolean',
    description: 'Whether it ends with the part.',
    example: '"photo.png".endsWith(".png")',
    result: true,
    run: (self, [part]) => self.endsWith(part),
  }),
  defineMethod('text', {
    name: 'indexOf',
    takes: [text('part')],
    gives: 'number',
    description: 'Where the part first occurs, from 0; -1 when it does not.',
    example: '"banana".indexOf("an")',
    result: 1,
    run: (self, [part], evaluation) => find(evaluation, self, part),
  }),
  defineMethod('text', {
    name: 'lastIndexOf',
    takes: [text('part')],
    gives: 'number',
    description: 'Where the part last occurs, from 0; -1 when it does not.',
    example: '"banana".lastIndexOf("an")',
    result: 3,
    run(self, [part], evaluation) {
      evaluation.spendSearch(self, part)
      return lastPlaceOf(self, part)
    },
  }),
  defineMethod('text', {
    name: 'count',
    takes: [text('part')],
    gives: 'number',
    description: 'How often the part occurs.',
    example: '"banana".count("an")',
    result: 2,
    run: (self, [part], evaluation) => piecesAround(self, part, evaluation).length - 1,
  }),
  defineMethod('text', {
    name: 'slice',
    takes: [whole('from', ...anyIndex), optional(whole('to', ...anyIndex))],
    gives: 'text',
    description: 'The characters from one place up to another; negative places count from the end.',
    example: '"invoice".slice(0, 3)',
    result: 'inv',
    run: (self, [from, to]) => self.slice(from, to),
  }),
  defineMethod('text', {
    name: 'substring',
    takes: [whole('from', ...anyIndex), optional(whole('to', ...anyIndex))],
    gives: 'text',
    description: 'As slice, but negative places count as 0.',
    example: '"invoice".substring(2, 4)',
    result: 'vo',
    run: (self, [from, to]) => self.substring(from, to),
  }),
  defineMethod('text', {
    name: 'at',
    takes: [whole('index', ...anyIndex)],
    gives: 'text',
    description: 'One character, from 0; negative places count from the end.',
    example: '"abc".at(-1)',
    result: 'c',
    run: (self, [index]) => self.at(index),
  }),
  defineMethod('text', {
    name: 'before',
    takes: [text('part')],
    gives: 'text',
    description: 'What stands before the part; all of it when the part does not occur.',
    example: '"ada@example.com".before("@")',
    result: 'ada',
    run(self, [part], evaluation) {
      const place = find(evaluation, self, part)
      return place < 0 ? self : self.slice(0, place)
    },
  }),
  defineMethod('text', {
    name: 'after',
    takes: [text('part')],
    gives: 'text',
    description: 'What stands after the part; nothing when the part does not occur.',
    example: '"ada@example.com".after("@")',
    result: 'example.com',
    run(self, [part], evaluation) {
      const place = find(evaluation, self, part)
      return place < 0 ? '' : self.slice(place + part.length)
    },
  }),
]

/** Where the part begins first, paid for; -1 when it does not occur. */
function find(evaluation: Evaluation, text: string, part: string): number {
  evaluation.spendSearch(text, part)
  return firstPlaceOf(text, part)
}
