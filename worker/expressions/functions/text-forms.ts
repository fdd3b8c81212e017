import { numberOf } from '../value.ts'

/** Whether a text has the form of an e-mail address: one @ between a name and a host with a dot. */
export function hasEmailForm(text: string): boolean {
  if (text.length > 254 || /[\s<>()",;:\\[\]]/.test(text)) return false
  const [name = '', host = '', more] = text.split('@')
  if (more !== undefined || name === '' || name.length > 64 || host === '') return false
  const labels = host.split('.')
  const isDotted = (parts: string[]): boolean => parts.every((part) => part !== '')
  return (
    isDotted(name.split('.')) && labels.length > 1 && isDotted(labels) && labels.every((label) => !/^-|-$/.test(label))
  )
}

/** Whether a text writes a decimal number. */
export function isDecimal(text: string): boolean {
  return numberOf(text) !== undefined
}

let collator: Intl.Collator | undefined

/** The order of dictionaries: letters first, accents and case only where all letters agree, figures by size. */
export function orderTexts(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true })
  return collator.compare(a, b)
}
