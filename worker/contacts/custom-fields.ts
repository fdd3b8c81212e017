import type { ContactField } from '../contract/contact-field.ts'
import { unreachable } from '../lib/unreachable.ts'
import {
  readBoolean,
  readDate,
  readInstant,
  readNormalized,
  readNumber,
  readOption,
  readOptions,
  readText,
  readUrl,
  type ReadValue,
} from './field-value.ts'
import { normalizeEmail } from './normalize-email.ts'
import { normalizePhone } from './normalize-phone.ts'

/** How values of a field that an organization defined are read. */
export function readCustom({ type, options }: Pick<ContactField, 'type' | 'options'>): ReadValue {
  switch (type) {
    case 'text':
      return readText(500)
    case 'longText':
      return readText()
    case 'number':
      return readNumber
    case 'boolean':
      return readBoolean
    case 'date':
      return readDate
    case 'dateTime':
      return readInstant
    case 'select':
      return readOption(options)
    case 'multiSelect':
      return readOptions(options)
    case 'email':
      return readNormalized(normalizeEmail, 'must be an e-mail address such as ada@example.com')
    case 'phone':
      return readNormalized(normalizePhone, 'must be a phone number with its country code, such as +49 30 123456')
    case 'url':
      return readUrl
    default:
      return unreachable(type)
  }
}
