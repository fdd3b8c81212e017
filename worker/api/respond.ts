import type { z } from 'zod'
import { envelope, ErrorBody, type ErrorCode } from '../contract/error.ts'
import { errorCatalogue } from '../contract/facts/error.ts'

/** Documents a good answer: the data in its envelope. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema: envelope(schema) } } }
}

/** Documents a JSON body. It has to be there: an empty one is `{}`. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}

/** Errors that any route can answer with. */
const common = [
  'request.invalid',
  'request.forbidden_origin',
  'auth.required',
  'auth.invalid_key',
  'auth.no_organization',
  'auth.forbidden',
  'service.unavailable',
  'internal',
] as const

/** Errors with which a JSON body is refused before its route sees it. */
export const bodyErrors = ['request.malformed_json', 'request.too_large', 'request.unsupported_media_type'] as const

/** Documents the errors a route can answer with, under the statuses the catalogue gives them. */
export function errors(...codes: ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...common, ...codes])) {
    const { status } = errorCatalogue[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries([...byStatus].map(([status, all]) => [status, refusal(all)]))
}

/** Documents the errors that travel under one status. */
export function refusal(codes: readonly ErrorCode[]) {
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    content: { 'application/json': { schema: ErrorBody } },
  }
}
