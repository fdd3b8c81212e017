import type { Json } from '../../contract/json.ts'
import { jsonLimits } from '../../lib/parse-json.ts'
import { sentAt } from '../../lib/sent.ts'
import { TerminalError } from '../../lib/step-errors.ts'
import { unkeepable, type Unkeepable } from '../../lib/unkeepable.ts'
import type { EgressResponse } from '../define.ts'

/**
 * The body as a value. `auto` goes by the declared type: JSON is parsed, text is text, anything else is text where it
 * is valid UTF-8 and base64 where it is not. An empty body is null. Throws `TerminalError` `http.invalid_json`, also for
 * JSON that is nested deeper than `jsonLimits.depth` or has a number that no double holds.
 */
export function parseResponse(response: EgressResponse, as: 'auto' | 'json' | 'text' | 'base64'): Json {
  if (response.body.byteLength === 0) return as === 'text' || as === 'base64' ? '' : null
  const [type = ''] = (response.headers['content-type'] ?? '').toLowerCase().split(';')
  if (as === 'base64') return base64(response.body)
  if (as === 'json' || (as === 'auto' && /^\s*(?:application|text)\/(?:[\w.-]+\+)?json\s*$/.test(type))) {
    return parseJson(response.body)
  }
  try {
    return new TextDecoder(charsetOf(response), { fatal: as === 'auto', ignoreBOM: false }).decode(response.body)
  } catch {
    return base64(response.body)
  }
}

function parseJson(body: Uint8Array): Json {
  const text = new TextDecoder().decode(body)
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    throw invalidJson('The answer says it is JSON, but it is not.', text, cause)
  }
  const why = unkeepable(value, jsonLimits.depth)
  if (why !== undefined) throw invalidJson(reasons[why], text)
  return value
}

const reasons: Readonly<Record<Unkeepable, string>> = {
  too_deep: `The answer is JSON nested more than ${jsonLimits.depth} levels deep.`,
  not_finite: 'The answer has a number that is too large.',
}

function invalidJson(message: string, text: string, cause?: unknown): TerminalError {
  return new TerminalError('http.invalid_json', message, {
    details: { body: text.slice(0, 1_000) },
    // Its status was one that is wanted.
    sent: sentAt.unreadable,
    cause,
  })
}

function charsetOf(response: EgressResponse): string {
  const charset = /charset="?([\w-]+)/i.exec(response.headers['content-type'] ?? '')?.[1]
  if (charset === undefined) return 'utf-8'
  try {
    return new TextDecoder(charset).encoding
  } catch {
    return 'utf-8'
  }
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 8_192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8_192))
  }
  return btoa(binary)
}
