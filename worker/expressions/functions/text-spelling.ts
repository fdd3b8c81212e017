import { defineMethod, type Definition } from './define.ts'
import { capitalize, withoutMarks, wordsOf } from './words.ts'

/** How a text is written: capitals, accents, the blanks around it. */
export const textSpelling: readonly Definition[] = [
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
]
