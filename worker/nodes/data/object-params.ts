import { z } from 'zod'
import type { Json } from '../../contract/json.ts'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { askedBy, operationParam, type OperationForm } from './operation-form.ts'
import { sourceParams } from './source.ts'

const names = { names: 'Say which fields.' }

/** Every operation of `data.object`, in the order in which the form offers them. */
export const objectOperations = {
  pick: { label: 'Keep some fields', asks: ['names'], needs: names },
  omit: { label: 'Remove fields', asks: ['names'], needs: names },
  rename: { label: 'Rename fields', asks: ['renamed'], needs: { renamed: 'Say which fields are renamed.' } },
  set: { label: 'Set a field', asks: ['path', 'value'], needs: { path: 'Say which field.' } },
  get: { label: 'Take one field', asks: ['path', 'otherwise'], needs: { path: 'Say which field.' } },
  merge: { label: 'Join with another', asks: ['other', 'isDeep'], needs: { other: 'Give the other object.' } },
  compact: { label: 'Remove empty fields' },
  mapValues: { label: 'Change each value', asks: ['expression'], needs: { expression: 'Say what each becomes.' } },
  keys: { label: 'List its field names' },
  values: { label: 'List its values' },
  entries: { label: 'List its fields' },
  size: { label: 'Count its fields' },
} as const satisfies Record<string, OperationForm>

const shown = (param: string) => ({ showWhen: askedBy(objectOperations, param) })

export const objectParams = lazySchema(() =>
  z.strictObject({
    operation: operationParam(objectOperations, { title: 'Do', first: 'pick' }),
    source: sourceParams({ title: 'Object', placeholder: 'trigger.body.customer' }).source,
    names: z
      .union([z.string().max(16_384), z.array(z.string().max(400)).max(1_000)])
      .default('')
      .meta(
        field({
          title: 'Fields',
          description: 'Names with commas between them. Dots lead into objects.',
          control: 'text',
          placeholder: 'name, email, address.city',
          ...shown('names'),
        }),
      ),
    renamed: z
      .record(z.string(), z.string())
      .default({})
      .meta(
        field({
          title: 'New names',
          description: 'The old name, and the new one.',
          control: 'keyValue',
          placeholder: 'newName',
          ...shown('renamed'),
        }),
      ),
    path: z
      .string()
      .max(400)
      .refine(
        (path) => !path.split('.').some((part) => ['__proto__', 'constructor', 'prototype'].includes(part)),
        'is a reserved word',
      )
      .default('')
      .meta(
        field({
          title: 'Field',
          description: 'Dots lead into objects.',
          control: 'text',
          placeholder: 'address.city',
          ...shown('path'),
        }),
      ),
    value: anyJson.optional().meta(field({ title: 'Value', control: 'json', lines: 1, ...shown('value') })),
    otherwise: anyJson.optional().meta(
      field({
        title: 'Otherwise',
        description: 'Taken where there is nothing. Left empty, the result is null then.',
        control: 'json',
        lines: 1,
        ...shown('otherwise'),
      }),
    ),
    other: anyJson.optional().meta(
      field({
        title: 'Other object',
        description: 'Or a list of them. Where both have a field, the later one wins.',
        control: 'expression',
        placeholder: 'steps.lookup.body',
        isNeeded: true,
        lines: 1,
        ...shown('other'),
      }),
    ),
    isDeep: z
      .boolean()
      .default(false)
      .meta(field({ title: 'Join the objects inside, too', control: 'switch', ...shown('isDeep') })),
    expression: z
      .string()
      .max(16_384)
      .default('')
      .meta(
        field({
          title: 'New value',
          description: 'Asked for each field, with value and key.',
          control: 'expression',
          placeholder: 'text(value).trim()',
          each: { of: 'source', names: ['value', 'key'] },
          ...shown('expression'),
        }),
      ),
    fallback: sourceParams({ title: '', placeholder: '' }).fallback,
  }),
)

export type ObjectParams = ParamsOf<typeof objectParams>
export type ObjectOperation = keyof typeof objectOperations

/** Names from a list, or from a text with commas between them. */
export function namesIn(names: Json): string[] {
  const list = typeof names === 'string' ? names.split(',') : Array.isArray(names) ? names.map(String) : []
  return list.map((name) => name.trim()).filter((name) => name !== '')
}
