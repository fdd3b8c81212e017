import type { Json, JsonObject } from '../../contract/json.ts'
import { appError } from '../../lib/app-error.ts'
import { jsonLimits, parseJson } from '../../lib/parse-json.ts'
import { declaredCharset, decoded, misfit, strictDecoder, unsupported } from './charset.ts'
import { FormTree } from './form-tree.ts'
import { parseForm } from './parse-form.ts'

/**
 * A webhook's body as a value. The declared type alone chooses how it is read, never its looks: JSON, URL-encoded and
 * multipart forms become values, everything else that is text stays text. No body is null.
 *
 * Throws `AppError`: `request.malformed_json`, `request.invalid`, `request.too_large`, or
 * `request.unsupported_media_type` for bytes that are no text.
 */
export async function parseBody(bytes: Uint8Array, contentType: string | null): Promise<Json> {
  if (bytes.byteLength === 0) return null
  const declared = contentType ?? ''
  const type = (declared.split(';', 1)[0] ?? '').trim().toLowerCase()

  if (/^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(type)) return parseJson(decodeUtf8(bytes))
  if (type === 'application/x-www-form-urlencoded') return parseForm(bytes, declared)
  if (type === 'multipart/form-data') return parseMultipart(bytes, declared)

  const text = decodeText(bytes, type, declared)
  // XML is handed on unread, but whoever reads it next should not meet entities that expand.
  if (/^(?:application|text)\/(?:[\w.-]+\+)?xml$/.test(type) && /<!DOCTYPE/i.test(text)) {
    throw appError('request.invalid', { message: 'XML with a DOCTYPE is not accepted.' })
  }
  return text
}

/** Text fields as they are; of a file its name, type and size. Its bytes are not kept. */
async function parseMultipart(bytes: Uint8Array, contentType: string): Promise<JsonObject> {
  const form = new FormTree()
  let fields: FormData
  try {
    fields = await new Response(bytes as BodyInit, { headers: { 'content-type': contentType } }).formData()
  } catch (cause) {
    throw appError('request.invalid', { message: 'The body is not valid multipart form data.', cause })
  }
  for (const [name, value] of fields as unknown as Iterable<[string, File | string]>) {
    form.add(
      name,
      typeof value === 'string' ? value : { filename: value.name, contentType: value.type, sizeBytes: value.size },
    )
  }
  return form.toJson()
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** JSON is UTF-8, whatever is declared. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = decoded(utf8, bytes)
  if (text === undefined) throw misfit('utf-8')
  return text
}

function decodeText(bytes: Uint8Array, type: string, contentType: string): string {
  const charset = declaredCharset(contentType)
  const decoder = strictDecoder(charset ?? 'utf-8')
  const text = decoder && decoded(decoder, bytes)
  if (text === undefined) {
    // Of what is said to be text, the charset is wrong; of anything else, that it is no text.
    const isText = decoder !== undefined && (charset !== undefined || /^(?:$|text\/)|[/+]xml$/.test(type))
    throw isText ? misfit(charset ?? 'utf-8') : unsupported(contentType)
  }
  if (text.length > jsonLimits.stringLength) {
    throw appError('request.too_large', { details: { what: 'string length', limit: jsonLimits.stringLength } })
  }
  return text
}
