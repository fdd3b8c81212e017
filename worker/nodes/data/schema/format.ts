import type { Computation } from '../../../expressions/index.ts'

/** Whether a text has a form that schemas know by name. An unknown one has every text. */
export function hasFormat(text: string, format: string, work: Computation): boolean {
  switch (format) {
    case 'email':
      return work.method(text, 'isEmail') === true
    case 'uri':
    case 'url':
      return work.method(text, 'isUrl') === true
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && work.call('isDate', text) === true
    case 'date-time':
      return /^\d{4}-\d{2}-\d{2}[Tt ]\d/.test(text) && /(?:[Zz]|[+-]\d{2}:?\d{2})$/.test(text) && isDate(text, work)
    case 'time':
      return /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(text)
    case 'uuid':
      return /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)
    case 'ipv4':
      return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text)
    default:
      return true
  }
}

function isDate(text: string, work: Computation): boolean {
  return work.call('isDate', text) === true
}
