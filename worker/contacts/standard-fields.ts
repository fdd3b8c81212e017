import { isZone } from '../expressions/index.ts'
import { readNormalized, readOption, readText, type ReadValue } from './field-value.ts'
import { normalizeEmail } from './normalize-email.ts'
import { normalizePhone } from './normalize-phone.ts'

const short = readText(200)

/** The fields every contact has, by the name that changes and events call them, and how each is read. */
export const standardFields: Readonly<Record<string, ReadValue>> = {
  firstName: short,
  lastName: short,
  email: readNormalized(normalizeEmail, 'must be an e-mail address such as ada@example.com'),
  phone: readNormalized(normalizePhone, 'must be a phone number with its country code, such as +49 30 123456'),
  company: short,
  jobTitle: short,
  'address.line1': short,
  'address.line2': short,
  'address.city': short,
  'address.region': short,
  'address.postalCode': readText(40),
  'address.country': readNormalized(
    (text) => (/^[a-z]{2}$/i.test(text) ? text.toUpperCase() : null),
    'must be a country of two letters, such as DE',
  ),
  language: readNormalized(canonicalLanguage, 'must be a language such as de or pt-BR'),
  timeZone: readNormalized((text) => (isZone(text) ? text : null), 'must be a time zone such as Europe/Berlin'),
  source: short,
  ownerId: readNormalized(
    (text) => (/^usr_[0-9a-hjkmnp-tv-z]{26}$/.test(text) ? text : null),
    'must be the id of a member',
  ),
  visibility: (given) => {
    const read = readOption(['own', 'team', 'organization'])(given)
    return 'value' in read && read.value === null ? { problem: 'must not be empty' } : read
  },
}

export const standardFieldNames: ReadonlySet<string> = new Set(Object.keys(standardFields))

function canonicalLanguage(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null
  } catch {
    return null
  }
}
