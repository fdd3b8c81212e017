import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import { anyJson } from '../params/any-json.ts'
import { field, type FieldMeta } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { fieldName } from './field-name.ts'
import { askedBy, operationParam, type OperationForm } from './operation-form.ts'
import { sourceParams } from './source.ts'

const other = { other: 'Give the other list.' }

/** Every operation of `data.list`, in the order in which the form offers them. */
export const listOperations = {
  filter: { label: 'Filter', asks: ['decidedBy', 'conditions', 'test', 'keeps'] },
  map: { label: 'Change each item', asks: ['make', 'expression', 'fields', 'isAdded'] },
  sort: { label: 'Sort', asks: ['order', 'texts'] },
  unique: { label: 'Remove duplicates', asks: ['by'] },
  find: { label: 'Find one item', asks: ['decidedBy', 'conditions', 'test', 'which'] },
  groupBy: { label: 'Group', asks: ['by', 'gives'], needs: { by: 'Say what to group by.' } },
  reduce: { label: 'Reduce to one value', asks: ['combine', 'start'], needs: { combine: 'Say what to make of them.' } },
  join: { label: 'Join to a text', asks: ['each', 'separator'] },
  take: { label: 'Take some items', asks: ['which', 'count'] },
  slice: { label: 'Take a range', asks: ['from', 'to'] },
  item: { label: 'Take the item at a place', asks: ['index'] },
  concat: { label: 'Add items', asks: ['other'], needs: { other: 'Say what to add.' } },
  union: { label: 'Join without duplicates', asks: ['other'], needs: other },
  intersection: { label: 'Items that are in both', asks: ['other'], needs: other },
  difference: { label: 'Items that are only here', asks: ['other'], needs: other },
  chunk: { label: 'Split into batches', asks: ['size'] },
  flatten: { label: 'Flatten', asks: ['levels'] },
  compact: { label: 'Remove empty items' },
  reverse: { label: 'Reverse' },
  partition: { label: 'Split by conditions', asks: ['decidedBy', 'conditions', 'test'] },
  keyBy: { label: 'Make an object by a key', asks: ['by'], needs: { by: 'Say which key each item has.' } },
} as const satisfies Record<string, OperationForm>

const names = ['item', 'index']
const each: Pick<FieldMeta, 'each'> = { each: { of: 'source', names } }
const shown = (param: string) => ({ showWhen: askedBy(listOperations, param) })
const expression = () => z.string().max(16_384)
const place = () => z.int().min(-1_000_000).max(1_000_000)
const count = () => z.int().min(0).max(1_000_000)

export const sortKey = () =>
  z.strictObject({
    by: expression()
      .default('')
      .meta(
        field({
          title: 'By',
          description: 'Left empty, the item itself.',
          control: 'expression',
          placeholder: 'item.price',
          lines: 1,
        }),
      ),
    direction: z
      .enum(['asc', 'desc'])
      .default('asc')
      .meta(
        field({
          title: 'Direction',
          control: 'select',
          labels: { asc: 'Smallest first, A to Z', desc: 'Largest first, Z to A' },
          expressions: false,
        }),
      ),
    as: z
      .enum(['found', 'number', 'date'])
      .default('found')
      .meta(
        field({
          title: 'Compared as',
          control: 'select',
          labels: { found: 'What it is', number: 'A number', date: 'A date' },
          expressions: false,
        }),
      ),
  })

export const listParams = lazySchema(() =>
  z.strictObject({
    operation: operationParam(listOperations, { title: 'Do', first: 'filter' }),
    source: sourceParams({ title: 'List', placeholder: 'trigger.body.items' }).source,
    decidedBy: z
      .enum(['conditions', 'expression'])
      .default('conditions')
      .meta(
        field({
          title: 'Decided by',
          control: 'select',
          labels: { conditions: 'Conditions', expression: 'An expression' },
          expressions: false,
          ...shown('decidedBy'),
        }),
      ),
    conditions: ConditionGroup.optional().meta(
      field({
        title: 'Items for which',
        control: 'conditions',
        isNeeded: true,
        placeholder: 'item.price',
        showWhen: { ...askedBy(listOperations, 'conditions'), decidedBy: 'conditions' },
        ...each,
      }),
    ),
    test: expression()
      .default('')
      .meta(
        field({
          title: 'Items for which',
          description: 'Yes or no for each item. What an item does not have counts as no.',
          control: 'expression',
          placeholder: 'item.price > 10 && item.inStock',
          showWhen: { ...askedBy(listOperations, 'test'), decidedBy: 'expression' },
          ...each,
        }),
      ),
    keeps: z
      .enum(['kept', 'removed'])
      .default('kept')
      .meta(
        field({
          title: 'These are',
          control: 'select',
          labels: { kept: 'Kept', removed: 'Removed' },
          expressions: false,
          ...shown('keeps'),
        }),
      ),
    make: z
      .enum(['expression', 'fields'])
      .default('fields')
      .meta(
        field({
          title: 'Into',
          control: 'select',
          labels: { fields: 'An object of fields', expression: 'What an expression gives' },
          expressions: false,
          ...shown('make'),
        }),
      ),
    expression: expression()
      .default('')
      .meta(
        field({
          title: 'New item',
          description: 'An expression, or a text with data: {{ item.name }}, {{ item.city }}.',
          control: 'expression',
          placeholder: 'item.price * 1.19',
          showWhen: { operation: 'map', make: 'expression' },
          ...each,
        }),
      ),
    fields: z
      .array(
        z.strictObject({
          name: fieldName(),
          value: anyJson.meta(field({ title: 'Value', control: 'json', placeholder: '{{ item.name }}' })),
        }),
      )
      .max(200)
      .default([])
      .meta(
        field({
          title: 'Fields',
          description: 'Dots in a name make objects.',
          control: 'fields',
          placeholder: '{{ item.name }}',
          showWhen: { operation: 'map', make: 'fields' },
          ...each,
        }),
      ),
    isAdded: z
      .boolean()
      .default(false)
      .meta(
        field({
          title: 'Keep its other fields',
          control: 'switch',
          showWhen: { operation: 'map', make: 'fields' },
        }),
      ),
    order: z
      .array(sortKey())
      .max(10)
      .default([])
      .meta(
        field({
          title: 'Order',
          description:
            'What is the same by the first is put in order by the next. What an item does not have comes last.',
          control: 'rows',
          ...shown('order'),
          ...each,
        }),
      ),
    texts: z
      .enum(['dictionary', 'letters'])
      .default('dictionary')
      .meta(
        field({
          title: 'Texts',
          control: 'select',
          labels: { dictionary: 'As people do: a, B, item 2, item 10', letters: 'By their characters: B, a, item 10' },
          expressions: false,
          ...shown('texts'),
        }),
      ),
    by: expression()
      .default('')
      .meta(
        field({
          title: 'By',
          description: 'What is the same for the items that belong together. Left empty, the whole item.',
          control: 'expression',
          placeholder: 'item.email.lower()',
          lines: 1,
          ...shown('by'),
          ...each,
        }),
      ),
    gives: z
      .enum(['list', 'object'])
      .default('list')
      .meta(
        field({
          title: 'As',
          control: 'select',
          labels: { list: 'A list of { key, items }', object: 'An object of lists' },
          expressions: false,
          ...shown('gives'),
        }),
      ),
    combine: expression()
      .default('')
      .meta(
        field({
          title: 'Result so far becomes',
          description: 'Asked for each item, with result, item and index.',
          control: 'expression',
          placeholder: 'result + item.price',
          ...shown('combine'),
          each: { of: 'source', names: ['result', ...names] },
        }),
      ),
    start: anyJson.optional().meta(
      field({
        title: 'It begins with',
        description: 'Left empty, the first item.',
        control: 'json',
        placeholder: '0',
        lines: 1,
        ...shown('start'),
      }),
    ),
    each: expression()
      .default('')
      .meta(
        field({
          title: 'Text of each item',
          description: 'Left empty, the item itself.',
          control: 'expression',
          placeholder: '{{ item.name }} ({{ item.count }})',
          ...shown('each'),
          ...each,
        }),
      ),
    separator: z
      .string()
      .max(1_000)
      .default(', ')
      .meta(field({ title: 'Between them', control: 'text', placeholder: ', ', ...shown('separator') })),
    which: z
      .enum(['first', 'last'])
      .default('first')
      .meta(
        field({
          title: 'Which',
          control: 'select',
          labels: { first: 'The first', last: 'The last' },
          ...shown('which'),
        }),
      ),
    count: count()
      .default(10)
      .meta(field({ title: 'How many', control: 'number', ...shown('count') })),
    from: place()
      .default(0)
      .meta(
        field({
          title: 'From',
          description: 'Counted from 0; below 0, from the end.',
          control: 'number',
          ...shown('from'),
        }),
      ),
    to: place()
      .optional()
      .meta(
        field({
          title: 'Up to',
          description: 'Not included. Left empty, to the end.',
          control: 'number',
          ...shown('to'),
        }),
      ),
    index: place()
      .default(0)
      .meta(
        field({
          title: 'Place',
          description: 'Counted from 0; below 0, from the end.',
          control: 'number',
          ...shown('index'),
        }),
      ),
    other: anyJson.optional().meta(
      field({
        title: 'Other list',
        control: 'expression',
        placeholder: 'steps.earlier.items',
        isNeeded: true,
        lines: 1,
        ...shown('other'),
      }),
    ),
    size: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(100)
      .meta(field({ title: 'Items in a batch', control: 'number', ...shown('size') })),
    levels: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .meta(field({ title: 'Levels', control: 'number', ...shown('levels') })),
    fallback: sourceParams({ title: '', placeholder: '' }).fallback,
  }),
)

export type ListParams = ParamsOf<typeof listParams>
export type ListOperation = keyof typeof listOperations
