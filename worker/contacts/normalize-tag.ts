import { contactLimits } from '../contract/facts/contact.ts'

/** A tag as it is kept: trimmed, single spaces, lower case. Null when nothing is left, or too much. */
export function normalizeTag(text: string): string | null {
  const tag = text.toWellFormed().normalize('NFC').replaceAll(/\s+/g, ' ').trim().toLowerCase()
  // A comma parts tags in a list's filter.
  return tag === '' || tag.length > contactLimits.tagLength || tag.includes(',') ? null : tag
}
