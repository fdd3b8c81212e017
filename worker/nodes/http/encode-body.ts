import type { Json } from '../../contract/json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { RequestParams } from './request.ts'

export interface EncodedBody {
  content: string
  contentType: string
}

/** The body to send and what it is, or null for none. */
export function encodeBody(
  params: Pick<RequestParams, 'bodyType' | 'json' | 'form' | 'text' | 'contentType'>,
): EncodedBody | null {
  switch (params.bodyType) {
    case 'none':
      return null
    case 'json':
      return { content: jsonText(params.json), contentType: 'application/json' }
    case 'form':
      return { content: encodePairs(params.form).toString(), contentType: 'application/x-www-form-urlencoded' }
    case 'text':
      return { content: params.text, contentType: params.contentType || 'text/plain; charset=utf-8' }
    default:
      return unreachable(params.bodyType)
  }
}

/**
 * People also paste JSON as a text, or have a step that gives it; sending it quoted once more is never what they mean. It
 * is sent as it stands, so that long numbers keep their digits. Only a whole text comes here: expressions within one were
 * put in their places when the params were filled in.
 */
function jsonText(value: Json | undefined): string {
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    try {
      JSON.parse(value)
      return value
    } catch {
      return JSON.stringify(value)
    }
  }
  return JSON.stringify(value ?? null)
}

/** Names and values, encoded; a list repeats its name and null leaves the entry out. */
export function encodePairs(pairs: RequestParams['query']): URLSearchParams {
  const encoded = new URLSearchParams()
  for (const [name, value] of Object.entries(pairs)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null) encoded.append(name, String(each))
    }
  }
  return encoded
}
