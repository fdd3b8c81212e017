import { limits } from '../limits.ts'
import { firstPlaceOf } from '../search.ts'
import { defineMethod, optional, text, whole, type Definition } from './define.ts'
import { piecesAround } from './pieces-around.ts'

const anyLength = [0, limits.textLength] as const

/** A text with other parts, or of another length. */
export const textChanges: readonly Definition[] = [
  defineMethod('text', {
    name: 'replace',
    takes: [text('part'), text('replacement')],
    gives: 'text',
    description: 'With the first occurrence of the part replaced. For patterns see replacePattern.',
    example: '"a-b-c".replace("-", "+")',
    result: 'a+b-c',
    run(self, [part, replacement], evaluation) {
      evaluation.spendSearch(self, part)
      const place = firstPlaceOf(self, part)
      return place < 0 ? self : self.slice(0, place) + replacement + self.slice(place + part.length)
    },
  }),
  defineMethod('text', {
    name: 'replaceAll',
    takes: [text('part'), text('replacement')],
    gives: 'text',
    description: 'With every occurrence of the part replaced.',
    example: '"a-b-c".replaceAll("-", "+")',
    result: 'a+b+c',
    run(self, [part, replacement], evaluation) {
      const pieces = piecesAround(self, part, evaluation)
      evaluation.spendText(self.length + (pieces.length - 1) * (replacement.length - part.length))
      return pieces.join(replacement)
    },
  }),
  defineMethod('text', {
    name: 'remove',
    takes: [text('part')],
    gives: 'text',
    description: 'Without any occurrence of the part.',
    example: '"+49 170 1234".remove(" ")',
    result: '+491701234',
    run: (self, [part], evaluation) => piecesAround(self, part, evaluation).join(''),
  }),
  defineMethod('text', {
    name: 'padStart',
    takes: [whole('length', ...anyLength), optional(text('fill'))],
    gives: 'text',
    description: 'Made as long as asked for by characters before it.',
    example: '"7".padStart(3, "0")',
    result: '007',
    run(self, [length, fill], evaluation) {
      evaluation.spendText(length)
      return self.padStart(length, fill)
    },
  }),
  defineMethod('text', {
    name: 'padEnd',
    takes: [whole('length', ...anyLength), optional(text('fill'))],
    gives: 'text',
    description: 'Made as long as asked for by characters after it.',
    example: '"ab".padEnd(4, ".")',
    result: 'ab..',
    run(self, [length, fill], evaluation) {
      evaluation.spendText(length)
      return self.padEnd(length, fill)
    },
  }),
  defineMethod('text', {
    name: 'repeat',
    takes: [whole('times', ...anyLength)],
    gives: 'text',
    description: 'Several times in a row.',
    example: '"ab".repeat(3)',
    result: 'ababab',
    run(self, [times], evaluation) {
      evaluation.spendText(self.length * times)
      return self.repeat(times)
    },
  }),
  defineMethod('text', {
    name: 'truncate',
    takes: [whole('length', ...anyLength), optional(text('ending'))],
    gives: 'text',
    description: 'At most that long, with an ending (…) where something was cut off.',
    example: '"A long sentence".truncate(7)',
    result: 'A long…',
    run(self, [length, ending = '…']) {
      if (self.length <= length) return self
      return (
        self
          .slice(0, Math.max(0, length - ending.length))
          .toWellFormed()
          .replace(/\uFFFD$/, '') + ending.slice(0, length)
      )
    },
  }),
  defineMethod('text', {
    name: 'mask',
    takes: [optional(whole('visible', 0, 100)), optional(text('character'))],
    gives: 'text',
    description: 'With all but the last characters (4) hidden.',
    example: '"4242424242424242".mask()',
    result: '************4242',
    run(self, [visible = 4, character = '*'], evaluation) {
      const hidden = Math.max(0, self.length - visible)
      evaluation.spendText(self.length + hidden * character.length)
      return character.repeat(hidden) + self.slice(hidden)
    },
  }),
  defineMethod('text', {
    name: 'reverse',
    takes: [],
    gives: 'text',
    description: 'From the last character to the first.',
    example: '"abc".reverse()',
    result: 'cba',
    run(self, _arguments, evaluation) {
      evaluation.spendItems(self.length)
      return [...self].reverse().join('')
    },
  }),
]
