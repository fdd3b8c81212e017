import { z } from 'zod'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { askedBy, operationParam, type OperationForm } from './operation-form.ts'
import { sourceParams } from './source.ts'

const part = { find: 'Say which part of the text it is about.' }
const pattern = { pattern: 'Give a pattern.' }

/** Every operation of `data.text`, in the order in which the form offers them. */
export const textOperations = {
  trim: { label: 'Trim' },
  collapse: { label: 'Tidy up blanks' },
  upper: { label: 'Capital letters' },
  lower: { label: 'Small letters' },
  capitalize: { label: 'Capital first letter' },
  titleCase: { label: 'Capitalize Each Word' },
  replace: { label: 'Replace', asks: ['find', 'replacement', 'isPattern', 'ignoreCase', 'once'], needs: part },
  remove: { label: 'Remove', asks: ['find', 'isPattern', 'ignoreCase', 'once'], needs: part },
  split: { label: 'Split into a list', asks: ['separator', 'keeps'] },
  lines: { label: 'Split into lines', asks: ['keeps'] },
  words: { label: 'Split into words', asks: ['keeps'] },
  before: { label: 'Take what is before', asks: ['find'], needs: part },
  after: { label: 'Take what is after', asks: ['find'], needs: part },
  between: {
    label: 'Take what is between',
    asks: ['find', 'end'],
    needs: { find: 'Say what stands before it.', end: 'Say what stands after it.' },
  },
  slice: { label: 'Take characters', asks: ['from', 'to'] },
  truncate: { label: 'Shorten', asks: ['length', 'ending'], needs: { length: 'Say how long it may be.' } },
  extract: { label: 'Extract by a pattern', asks: ['pattern', 'ignoreCase', 'keeps'], needs: pattern },
  emails: { label: 'Extract e-mail addresses', asks: ['keeps'] },
  urls: { label: 'Extract links', asks: ['keeps'] },
  numbers: { label: 'Extract numbers', asks: ['keeps'] },
  phones: { label: 'Extract phone numbers', asks: ['keeps'] },
  contains: { label: 'Contains a part', asks: ['find', 'ignoreCase'], needs: part },
  startsWith: { label: 'Starts with', asks: ['find', 'ignoreCase'], needs: part },
  endsWith: { label: 'Ends with', asks: ['find', 'ignoreCase'], needs: part },
  matches: { label: 'Fits a pattern', asks: ['pattern', 'ignoreCase'], needs: pattern },
  count: { label: 'Count how often', asks: ['find', 'ignoreCase'], needs: part },
  length: { label: 'Count characters' },
  position: { label: 'Find the place', asks: ['find', 'ignoreCase'], needs: part },
  toNumber: { label: 'Read as a number', asks: ['decimalMark'] },
  removeAccents: { label: 'Remove accents' },
  slug: { label: 'For an address (slug)' },
  camelCase: { label: 'camelCase' },
  snakeCase: { label: 'snake_case' },
  kebabCase: { label: 'kebab-case' },
  initials: { label: 'Initials' },
  pad: { label: 'Fill up', asks: ['length', 'fill', 'side'], needs: { length: 'Say how long it is to be.' } },
  repeat: { label: 'Repeat', asks: ['times'] },
  reverse: { label: 'Reverse' },
  mask: { label: 'Mask', asks: ['visible'] },
  stripTags: { label: 'Remove HTML tags' },
  escapeHtml: { label: 'Escape HTML' },
  unescapeHtml: { label: 'Unescape HTML' },
  encodeUrl: { label: 'Encode for an address' },
  decodeUrl: { label: 'Decode from an address' },
  encodeBase64: { label: 'Encode as Base64' },
  decodeBase64: { label: 'Decode Base64' },
  quoteCsv: { label: 'Quote for CSV' },
} as const satisfies Record<string, OperationForm>

const shown = (param: string) => ({ showWhen: askedBy(textOperations, param) })
const text = () => z.string().max(65_536)
const amount = () => z.int().min(0).max(262_144)

export const textParams = lazySchema(() =>
  z.strictObject({
    operation: operationParam(textOperations, { title: 'Do', first: 'trim' }),
    source: sourceParams({
      title: 'Text',
      placeholder: 'trigger.body.name',
      description: 'Data, or words with data in them: Hello {{ trigger.body.name }}.',
    }).source,
    find: text()
      .default('')
      .meta(field({ title: 'Part', control: 'text', placeholder: '@', ...shown('find') })),
    end: text()
      .default('')
      .meta(field({ title: 'And', control: 'text', ...shown('end') })),
    replacement: text()
      .default('')
      .meta(
        field({
          title: 'Replace with',
          description: 'Left empty, the part is taken out. In a pattern $1 is its first group.',
          control: 'text',
          ...shown('replacement'),
        }),
      ),
    pattern: text()
      .default('')
      .meta(
        field({
          title: 'Pattern',
          description: 'A regular expression. If it has a group ( ), that is what is taken.',
          control: 'text',
          placeholder: 'INV-(\\d+)',
          ...shown('pattern'),
        }),
      ),
    separator: text()
      .default(',')
      .meta(
        field({
          title: 'Separator',
          description: 'What stands between the pieces. Blanks around them are taken off. Empty: single characters.',
          control: 'text',
          ...shown('separator'),
        }),
      ),
    isPattern: z
      .boolean()
      .default(false)
      .meta(field({ title: 'The part is a pattern', control: 'switch', ...shown('isPattern') })),
    ignoreCase: z
      .boolean()
      .default(false)
      .meta(field({ title: 'Capital or small is the same', control: 'switch', ...shown('ignoreCase') })),
    once: z
      .boolean()
      .default(false)
      .meta(
        field({
          title: 'Only the first time',
          control: 'switch',
          showWhen: { ...askedBy(textOperations, 'once'), isPattern: false },
        }),
      ),
    keeps: z
      .enum(['all', 'first', 'last'])
      .default('all')
      .meta(
        field({
          title: 'Take',
          control: 'select',
          labels: { all: 'All, as a list', first: 'Only the first', last: 'Only the last' },
          ...shown('keeps'),
        }),
      ),
    from: z
      .int()
      .default(0)
      .meta(
        field({
          title: 'From',
          description: 'Counted from 0; below 0, from the end.',
          control: 'number',
          ...shown('from'),
        }),
      ),
    to: z
      .int()
      .optional()
      .meta(field({ title: 'Up to', description: 'Left empty, to the end.', control: 'number', ...shown('to') })),
    length: amount()
      .optional()
      .meta(field({ title: 'Characters', control: 'number', placeholder: '80', isNeeded: true, ...shown('length') })),
    ending: text()
      .default('…')
      .meta(
        field({ title: 'Ending', description: 'Where something was cut off.', control: 'text', ...shown('ending') }),
      ),
    fill: text()
      .default(' ')
      .meta(field({ title: 'With', control: 'text', placeholder: '0', ...shown('fill') })),
    side: z
      .enum(['before', 'after'])
      .default('before')
      .meta(
        field({ title: 'Where', control: 'select', labels: { before: 'Before', after: 'After' }, ...shown('side') }),
      ),
    times: amount()
      .default(2)
      .meta(field({ title: 'Times', control: 'number', ...shown('times') })),
    visible: z
      .int()
      .min(0)
      .max(100)
      .default(4)
      .meta(field({ title: 'Last characters that stay', control: 'number', ...shown('visible') })),
    decimalMark: z
      .enum(['.', ','])
      .default('.')
      .meta(
        field({
          title: 'Written as',
          control: 'select',
          labels: { '.': '1,234.56', ',': '1.234,56' },
          ...shown('decimalMark'),
        }),
      ),
    fallback: sourceParams({ title: '', placeholder: '' }).fallback,
  }),
)

export type TextParams = ParamsOf<typeof textParams>
export type TextOperation = keyof typeof textOperations
