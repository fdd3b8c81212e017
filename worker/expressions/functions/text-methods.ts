import { limits } from '../limits.ts'
import { Problem } from '../problem.ts'
import { defineMethod, optional, text, whole, type Definition } from './define.ts'
import { hasEmailForm, isDecimal, orderTexts } from './text-forms.ts'
import { capitalize, withoutMarks, wordsOf } from './words.ts'

const anyLength = [0, limits.textLength] as const
const anyIndex = [-limits.textLength, limits.textLength] as const

/** Methods of text: looking into it and changing it. */
export const textMethods: readonly Definition[] = [
  defineMethod('text', {
    name: 'upper',
    aliases: ['toUpperCase'],
    takes: [],
    gives: 'text',
    description: 'In capital letters.',
    example: '"Zoë".upper()',
    result: 'ZOË',
    run: (self) => self.toUpperCase(),
  }),
  defineMethod('text', {
    name: 'lower',
    aliases: ['toLowerCase'],
    takes: [],
    gives: 'text',
    description: 'In small letters.',
    example: '"Ada@Example.COM".lower()',
    result: 'ada@example.com',
    run: (self) => self.toLowerCase(),
  }),
  defineMethod('text', {
    name: 'capitalize',
    takes: [],
    gives: 'text',
    description: 'With a capital first letter.',
    example: '"grace hopper".capitalize()',
    result: 'Grace hopper',
    run: (self) => capitalize(self),
  }),
  defineMethod('text', {
    name: 'titleCase',
    takes: [],
    gives: 'text',
    description: 'With a capital first letter of each word, the rest in small letters.',
    example: '"grace HOPPER".titleCase()',
    result: 'Grace Hopper',
    run: (self) => self.toLowerCase().replace(/[\p{L}\p{N}\p{M}'’]+/gu, capitalize),
  }),
  defineMethod('text', {
    name: 'camelCase',
    takes: [],
    gives: 'text',
    description: 'The words joined without blanks, each but the first with a capital letter.',
    example: '"First name".camelCase()',
    result: 'firstName',
    run: (self) =>
      wordsOf(self)
        .map((word, index) => (index === 0 ? word.toLowerCase() : capitalize(word.toLowerCase())))
        .join(''),
  }),
  defineMethod('text', {
    name: 'snakeCase',
    takes: [],
    gives: 'text',
    description: 'The words in small letters, joined by underscores.',
    example: '"First name".snakeCase()',
    result: 'first_name',
    run: (self) =>
      wordsOf(self)
        .map((word) => word.toLowerCase())
        .join('_'),
  }),
  defineMethod('text', {
    name: 'kebabCase',
    takes: [],
    gives: 'text',
    description: 'The words in small letters, joined by hyphens.',
    example: '"firstName".kebabCase()',
    result: 'first-name',
    run: (self) =>
      wordsOf(self)
        .map((word) => word.toLowerCase())
        .join('-'),
  }),
  defineMethod('text', {
    name: 'slug',
    takes: [],
    gives: 'text',
    description: 'For an address: small letters and digits without accents, joined by hyphens.',
    example: '"Crème brûlée, 2 pieces".slug()',
    result: 'creme-brulee-2-pieces',
    run: (self) =>
      (
        withoutMarks(self)
          .toLowerCase()
          .match(/[\p{L}\p{N}]+/gu) ?? []
      ).join('-'),
  }),
  defineMethod('text', {
    name: 'initials',
    takes: [],
    gives: 'text',
    description: 'The first letters of the words.',
    example: '"Ada Lovelace".initials()',
    result: 'AL',
    run: (self) =>
      (self.match(/[\p{L}\p{N}\p{M}'’-]+/gu) ?? []).map((word) => ([...word][0] ?? '').toUpperCase()).join(''),
  }),
  defineMethod('text', {
    name: 'removeAccents',
    takes: [],
    gives: 'text',
    description: 'Without accents and other marks on letters.',
    example: '"Zoë Müller".removeAccents()',
    result: 'Zoe Muller',
    run: (self) => withoutMarks(self),
  }),
  defineMethod('text', {
    name: 'trim',
    takes: [],
    gives: 'text',
    description: 'Without blanks and line ends around it.',
    example: '"  hello ".trim()',
    result: 'hello',
    run: (self) => self.trim(),
  }),
  defineMethod('text', {
    name: 'trimStart',
    takes: [],
    gives: 'text',
    description: 'Without blanks before it.',
    example: '"  hello ".trimStart()',
    result: 'hello ',
    run: (self) => self.trimStart(),
  }),
  defineMethod('text', {
    name: 'trimEnd',
    takes: [],
    gives: 'text',
    description: 'Without blanks after it.',
    example: '"  hello ".trimEnd()',
    result: '  hello',
    run: (self) => self.trimEnd(),
  }),
  defineMethod('text', {
    name: 'collapse',
    takes: [],
    gives: 'text',
    description: 'With every run of blanks and line ends as one blank, and none around.',
    example: '" a \\n  b ".collapse()',
    result: 'a b',
    run: (self) =>
      self
        .split(/\s+/)
        .filter((word) => word !== '')
        .join(' '),
  }),
  defineMethod('text', {
    name: 'split',
    takes: [text('separator'), optional(whole('limit', 0, 100_000))],
    gives: 'list',
    description: 'The pieces between separators; with "" the single characters.',
    example: '"a,b,c".split(",")',
    result: ['a', 'b', 'c'],
    run(self, [separator, limit], evaluation) {
      evaluation.spendItems(separator === '' ? self.length : self.length >> 3)
      return separator === '' ? [...self].slice(0, limit) : self.split(separator, limit)
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
    run: (self, [part]) => self.includes(part),
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
    run: (self, [part]) => self.indexOf(part),
  }),
  defineMethod('text', {
    name: 'lastIndexOf',
    takes: [text('part')],
    gives: 'number',
    description: 'Where the part last occurs, from 0; -1 when it does not.',
    example: '"banana".lastIndexOf("an")',
    result: 3,
    run: (self, [part]) => self.lastIndexOf(part),
  }),
  defineMethod('text', {
    name: 'count',
    takes: [text('part')],
    gives: 'number',
    description: 'How often the part occurs.',
    example: '"banana".count("an")',
    result: 2,
    run: (self, [part]) => self.split(nonEmpty(part)).length - 1,
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
    run: (self, [part]) => (self.includes(part) ? self.slice(0, self.indexOf(part)) : self),
  }),
  defineMethod('text', {
    name: 'after',
    takes: [text('part')],
    gives: 'text',
    description: 'What stands after the part; nothing when the part does not occur.',
    example: '"ada@example.com".after("@")',
    result: 'example.com',
    run: (self, [part]) => (self.includes(part) ? self.slice(self.indexOf(part) + part.length) : ''),
  }),
  defineMethod('text', {
    name: 'replace',
    takes: [text('part'), text('replacement')],
    gives: 'text',
    description: 'With the first occurrence of the part replaced. For patterns see replacePattern.',
    example: '"a-b-c".replace("-", "+")',
    result: 'a+b-c',
    run: (self, [part, replacement]) => self.replace(part, () => replacement),
  }),
  defineMethod('text', {
    name: 'replaceAll',
    takes: [text('part'), text('replacement')],
    gives: 'text',
    description: 'With every occurrence of the part replaced.',
    example: '"a-b-c".replaceAll("-", "+")',
    result: 'a+b+c',
    run(self, [part, replacement], evaluation) {
      const pieces = self.split(nonEmpty(part))
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
    run: (self, [part]) => self.split(nonEmpty(part)).join(''),
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
  defineMethod('text', {
    name: 'isNumeric',
    takes: [],
    gives: 'boolean',
    description: 'Whether it writes a decimal number.',
    example: '"12.50".isNumeric()',
    result: true,
    run: (self) => isDecimal(self),
  }),
  defineMethod('text', {
    name: 'isEmail',
    takes: [],
    gives: 'boolean',
    description: 'Whether it has the form of an e-mail address.',
    example: '"ada@example.com".isEmail()',
    result: true,
    run: (self) => hasEmailForm(self),
  }),
  defineMethod('text', {
    name: 'isUrl',
    takes: [],
    gives: 'boolean',
    description: 'Whether it is a whole address beginning with http:// or https://.',
    example: '"https://example.com/a?b=1".isUrl()',
    result: true,
    run: (self) => self.length <= 4_096 && /^https?:\/\/[^\s]/i.test(self) && !/\s/.test(self) && URL.canParse(self),
  }),
  defineMethod('text', {
    name: 'compareTo',
    takes: [text('other')],
    gives: 'number',
    description: 'Negative, 0 or positive: how the two stand in order, for sort. Case and accents count last.',
    example: '"Émile".compareTo("Zoe") < 0',
    result: true,
    run: (self, [other]) => orderTexts(self, other),
  }),
]

function nonEmpty(part: string): string {
  if (part === '') throw new Problem('expression.value', 'The part to look for must not be empty.')
  return part
}
