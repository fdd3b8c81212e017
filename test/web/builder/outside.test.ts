import { expect, test } from 'vitest'
import { contactFieldTypes } from '#contract/facts/contact-field.ts'
import { exampleOf } from '../../../web/src/lib/builder/model/outside.ts'
import { readCustom } from '../../../worker/contacts/custom-fields.ts'

test.each(contactFieldTypes)('the example of a %s is a value that contacts take, as they keep it', (type) => {
  const field = { type, options: ['free', 'team'] }
  expect(readCustom(field)(exampleOf(field))).toEqual({ value: exampleOf(field) })
})
