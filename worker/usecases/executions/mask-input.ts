import type { Json } from '../../contract/json.ts'
import { isCredentialHeader } from '../../lib/credential-header.ts'

/** In the place of what speaks for somebody. */
export const masked = '***'

/**
 * What a step was given, fit for people's eyes: headers that speak for somebody are there, with their value masked.
 * The journal keeps them, because a retry sends what the first attempt sent.
 */
export function maskInput(input: Json): Json {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const { headers } = input
  if (headers === undefined) return input
  return { ...input, headers: maskHeaders(headers) }
}

/** Headers as a map, or as a list of `{ name, value }`. */
function maskHeaders(headers: Json): Json {
  if (typeof headers !== 'object' || headers === null) return headers
  if (!Array.isArray(headers)) {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, isCredentialHeader(name) ? masked : value]),
    )
  }
  return headers.map((header) => {
    if (typeof header !== 'object' || header === null || Array.isArray(header)) return header
    return typeof header['name'] === 'string' && isCredentialHeader(header['name'])
      ? { ...header, value: masked }
      : header
  })
}
