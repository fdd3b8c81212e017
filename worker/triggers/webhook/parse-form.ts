import type { JsonObject } from '../../contract/json.ts'
import { declaredCharset, decoded, misfit, strictDecoder, unsupported } from './charset.ts'
import { FormTree } from './form-tree.ts'

/**
 * A URL-encoded form as a value. It is read by the charset that is declared, and strictly so. Where none is, it is UTF-8;
 * where that does not fit, what the form's own `charset` or `_charset_` says, else Windows-1252, in which senders that
 * know of no charset write: of that no byte is lost.
 *
 * Throws `AppError`: `request.invalid`, `request.too_large`, or `request.unsupported_media_type` for a charset nobody
 * knows.
 */
export function parseForm(bytes: Uint8Array, contentType: string): JsonObject {
  const charset = declaredCharset(contentType)
  const declared = charset === undefined ? undefined : strictDecoder(charset, { keepMark: true })
  if (charset !== undefined && declared === undefined) throw unsupported(contentType)
  if (declared === undefined || declared.encoding === 'utf-8') {
    const fields = utf8Fields(bytes)
    if (fields !== undefined) return gathered(fields)
    if (charset !== undefined) throw misfit(charset)
  }
  const decoder = declared ?? ownDecoder(bytes) ?? new TextDecoder('windows-1252')
  return gathered(decodedFields(bytes, decoder, charset ?? decoder.encoding))
}

function gathered(fields: Iterable<[string, string]>): JsonObject {
  const form = new FormTree()
  for (const [name, value] of fields) form.add(name, value)
  return form.toJson()
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
const utf8Field = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** What the platform writes for bytes that it cannot read. */
const replacement = '\uFFFD'

/** Undefined where the form is not UTF-8. The platform reads it, which takes a fraction of reading it here. */
function utf8Fields(bytes: Uint8Array): [string, string][] | undefined {
  const text = decoded(utf8, bytes)
  if (text === undefined) return undefined
  const fields = [...new URLSearchParams(text)]
  const isInDoubt = fields.some(([name, value]) => name.includes(replacement) || value.includes(replacement))
  return isInDoubt && !isReadable(bytes) ? undefined : fields
}

function isReadable(bytes: Uint8Array): boolean {
  for (const sides of rawFields(bytes)) {
    if (sides.some((side) => decoded(utf8Field, side) === undefined)) return false
  }
  return true
}

function* decodedFields(bytes: Uint8Array, decoder: TextDecoder, charset: string): Generator<[string, string]> {
  for (const [name, value] of rawFields(bytes)) {
    const [readName, readValue] = [decoded(decoder, name), decoded(decoder, value)]
    if (readName === undefined || readValue === undefined) throw misfit(charset)
    yield [readName, readValue]
  }
}

/** By the field in which browsers and payment services tell it; undefined where it is none that could be meant. */
function ownDecoder(bytes: Uint8Array): TextDecoder | undefined {
  for (const [name, value] of rawFields(bytes)) {
    if (!/^(?:_charset_|charset)$/.test(latin1(name))) continue
    const decoder = value.byteLength > 40 ? undefined : strictDecoder(latin1(value), { keepMark: true })
    return decoder?.encoding === 'utf-8' ? undefined : decoder
  }
  return undefined
}

const latin1 = (bytes: Uint8Array) => (bytes.byteLength > 40 ? '' : String.fromCharCode(...bytes))

const [ampersand, equals, plus, percent, space] = [0x26, 0x3d, 0x2b, 0x25, 0x20]

/** Name and value of each field, as the bytes they stand for. Lazily: a body may be a megabyte of `&a`. */
function* rawFields(bytes: Uint8Array): Generator<[Uint8Array, Uint8Array]> {
  for (let from = 0; from <= bytes.byteLength;) {
    const found = bytes.indexOf(ampersand, from)
    const end = found === -1 ? bytes.byteLength : found
    if (end > from) {
      const field = bytes.subarray(from, end)
      const middle = field.indexOf(equals)
      yield middle === -1
        ? [unescaped(field), new Uint8Array(0)]
        : [unescaped(field.subarray(0, middle)), unescaped(field.subarray(middle + 1))]
    }
    from = end + 1
  }
}

/** With `+` and `%xx` undone; what only looks like one stays. */
function unescaped(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.byteLength)
  let length = 0
  for (let at = 0; at < text.byteLength; at++) {
    const byte = text[at]!
    const [high, low] = byte === percent ? [digit(text[at + 1]), digit(text[at + 2])] : [-1, -1]
    const isEscape = high >= 0 && low >= 0
    bytes[length++] = isEscape ? high * 16 + low : byte === plus ? space : byte
    if (isEscape) at += 2
  }
  return bytes.subarray(0, length)
}

/** The value of a hexadecimal digit, or -1. */
function digit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
