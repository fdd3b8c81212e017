import { Problem } from '../problem.ts'
import { toText } from '../text.ts'
import { setKey, type ValueObject } from '../value.ts'
import { boolean, defineFunction, defineMethod, optional, text, type Definition } from './define.ts'

/** Methods that write text for the place it is put into, and read it back. */
export const encodingMethods: readonly Definition[] = [
  defineMethod('text', {
    name: 'encodeUrl',
    takes: [],
    gives: 'text',
    description: 'For one part of an address or one value of a query.',
    example: '"a b&c".encodeUrl()',
    result: 'a%20b%26c',
    run: (self) => encodeURIComponent(self.toWellFormed()),
  }),
  defineMethod('text', {
    name: 'decodeUrl',
    takes: [],
    gives: 'text',
    description: 'The reverse of encodeUrl.',
    example: '"a%20b".decodeUrl()',
    result: 'a b',
    run: (self) => decodeUrl(self),
  }),
  defineFunction({
    name: 'encodeURIComponent',
    takes: [text('text')],
    gives: 'text',
    description: 'As text.encodeUrl().',
    example: 'encodeURIComponent("ö")',
    result: '%C3%B6',
    run: ([given]) => encodeURIComponent(given.toWellFormed()),
  }),
  defineFunction({
    name: 'decodeURIComponent',
    takes: [text('text')],
    gives: 'text',
    description: 'As text.decodeUrl().',
    example: 'decodeURIComponent("%C3%B6")',
    result: 'ö',
    run: ([given]) => decodeUrl(given),
  }),
  defineMethod('object', {
    name: 'toQuery',
    takes: [],
    gives: 'text',
    description: 'As the query of an address; fields that are null are left out, lists repeat their name.',
    example: '({ q: "a b", tag: ["x", "y"] }).toQuery()',
    result: 'q=a+b&tag=x&tag=y',
    run(self, _arguments, evaluation) {
      const query = new URLSearchParams()
      for (const [key, item] of Object.entries(self)) {
        for (const each of Array.isArray(item) ? item : [item]) {
          if (each === null || each === undefined) continue
          const written = toText(each, evaluation)
          evaluation.spendText(key.length + written.length)
          query.append(key.toWellFormed(), written.toWellFormed())
        }
      }
      return query.toString()
    },
  }),
  defineMethod('text', {
    name: 'parseQuery',
    takes: [],
    gives: 'object',
    description: 'The query of an address as an object; of a repeated name the last value.',
    example: '"?q=a+b&n=1".parseQuery()',
    result: { q: 'a b', n: '1' },
    run(self, _arguments, evaluation) {
      evaluation.spendItems(self.length >> 2)
      const fields: ValueObject = {}
      for (const [key, item] of new URLSearchParams(self)) setKey(fields, key, item)
      return fields
    },
  }),
  defineMethod('text', {
    name: 'encodeBase64',
    takes: [optional(boolean('forUrl'))],
    gives: 'text',
    description: 'As Base64 of its UTF-8 bytes; with true in the form for addresses, without padding.',
    example: '"Grüße".encodeBase64()',
    result: 'R3LDvMOfZQ==',
    run(self, [forUrl = false]) {
      const bytes = new TextEncoder().encode(self)
      let binary = ''
      for (let from = 0; from < bytes.length; from += 8_192) {
        binary += String.fromCharCode(...bytes.subarray(from, from + 8_192))
      }
      const encoded = btoa(binary)
      return forUrl ? encoded.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : encoded
    },
  }),
  defineMethod('text', {
    name: 'decodeBase64',
    takes: [],
    gives: 'text',
    description: 'The text that Base64, in either form, holds as UTF-8.',
    example: '"R3LDvMOfZQ==".decodeBase64()',
    result: 'Grüße',
    run(self) {
      let binary: string
      try {
        binary = atob(self.replaceAll('-', '+').replaceAll('_', '/'))
      } catch {
        throw new Problem('expression.value', 'This text is not Base64.')
      }
      return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
    },
  }),
  defineMethod('text', {
    name: 'escapeHtml',
    takes: [],
    gives: 'text',
    description: 'For a place in HTML: & < > " \' written so that they are shown and not read as tags.',
    example: '"<b>Tom & Jerry</b>".escapeHtml()',
    result: '&lt;b&gt;Tom &amp; Jerry&lt;/b&gt;',
    run: (self) => self.replace(/[&<>"']/g, (character) => `&${entities[character] ?? ''};`),
  }),
  defineMethod('text', {
    name: 'unescapeHtml',
    takes: [],
    gives: 'text',
    description: 'The reverse of escapeHtml.',
    example: '"Tom &amp; Jerry".unescapeHtml()',
    result: 'Tom & Jerry',
    run: (self) =>
      self.replace(/&(?:amp|lt|gt|quot|#39|apos|nbsp);/g, (entity) => characters[entity.slice(1, -1)] ?? entity),
  }),
  defineMethod('text', {
    name: 'stripTags',
    takes: [],
    gives: 'text',
    description: 'Without HTML tags. For reading, not for safety: use escapeHtml where text goes into HTML.',
    example: '"<p>Hello <b>you</b></p>".stripTags()',
    result: 'Hello you',
    run: (self) => stripTags(self),
  }),
  defineMethod('text', {
    name: 'quoteJson',
    takes: [],
    gives: 'text',
    description: 'For a place inside quotes in JSON text. Whole values are better made with toJson.',
    example: '"say \\"hi\\"".quoteJson()',
    result: 'say \\"hi\\"',
    run: (self) => JSON.stringify(self).slice(1, -1),
  }),
  defineMethod('text', {
    name: 'quoteCsv',
    takes: [],
    gives: 'text',
    description: 'As one field of a CSV line, in quotes where it needs them; never read as a formula by a spreadsheet.',
    example: '"a,b".quoteCsv()',
    result: '"a,b"',
    run: (self) => quoteCsv(self),
  }),
]

const entities: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }
const characters: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  apos: "'",
  nbsp: ' ',
}

function decodeUrl(given: string): string {
  try {
    return decodeURIComponent(given)
  } catch {
    throw new Problem('expression.value', 'This text has a % that does not begin an encoded character.')
  }
}

function stripTags(given: string): string {
  let plain = ''
  let from = 0
  for (;;) {
    const open = given.indexOf('<', from)
    const close = open < 0 ? -1 : given.indexOf('>', open)
    if (close < 0) return plain + given.slice(from)
    plain += given.slice(from, open)
    from = close + 1
  }
}

function quoteCsv(given: string): string {
  const safe = /^[=+\-@\t\r]/.test(given) ? `'${given}` : given
  return /[",\n\r;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
