import { z } from 'zod'
import { contactFieldLimits, contactFieldTypes } from './facts/contact-field.ts'
import { wholeText } from './whole-text.ts'

/** What values a custom field of contacts holds. */
export const ContactFieldType = z.enum(contactFieldTypes).meta({ id: 'ContactFieldType' })
export type ContactFieldType = z.infer<typeof ContactFieldType>

/** A field's name in `contact.custom`: a JavaScript name, and the same for ever. */
export const ContactFieldKey = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'must start with a small letter and hold at most 40 letters, digits or _')
  .refine((key) => key !== 'constructor' && key !== 'prototype', 'is a reserved word')
  .meta({
    id: 'ContactFieldKey',
    description: 'The key of a custom field: its name in `contact.custom`, for ever.',
    example: 'plan',
  })
export type ContactFieldKey = z.infer<typeof ContactFieldKey>

const label = wholeText().trim().min(1).max(contactFieldLimits.labelLength)
const option = wholeText().trim().min(1).max(contactFieldLimits.optionLength)
const options = z
  .array(option)
  .max(contactFieldLimits.options)
  .refine((all) => new Set(all).size === all.length, 'must not repeat')

/** A field that an organization defined for all of its contacts. `options` is empty but for the select types. */
export const ContactField = z
  .strictObject({
    key: ContactFieldKey,
    label,
    type: ContactFieldType,
    options: z.array(z.string()),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ContactField' })
export type ContactField = z.infer<typeof ContactField>

/** `POST /contact-fields`. `options` are the choices of `select` and `multiSelect`. */
export const CreateContactFieldRequest = z
  .strictObject({
    key: ContactFieldKey,
    label: label.describe('What people read beside the value.'),
    type: ContactFieldType.describe('What values it holds; that never changes.'),
    options: options.optional().describe('The choices of `select` and `multiSelect`.'),
  })
  .refine(
    ({ type, options: given = [] }) => (type === 'select' || type === 'multiSelect') === given.length > 0,
    'options belong to the types select and multiSelect, which need at least one',
  )
  .meta({ id: 'CreateContactFieldRequest' })
export type CreateContactFieldRequest = z.infer<typeof CreateContactFieldRequest>

/** A field's key and type never change: contacts hold values under them. */
export const ChangeContactFieldRequest = z
  .strictObject({
    label: label.optional().describe('What people read beside the value.'),
    options: options.optional().describe('All choices, of `select` and `multiSelect`.'),
  })
  .meta({ id: 'ChangeContactFieldRequest' })
export type ChangeContactFieldRequest = z.infer<typeof ChangeContactFieldRequest>
