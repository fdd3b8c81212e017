import { z } from 'zod'
import { appError } from '../lib/app-error.ts'
import { invalidRequest } from '../lib/invalid-request.ts'

/** The revision that an edit is based on, as the `ETag` gave it. */
export const IfMatch = z.object({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'The revision that was edited, as `ETag` gave it.', example: '"7"' }),
})

/** As `IfMatch`, for what is always an edit. Required in the documentation; without it the answer is 428 and no 400. */
export const NeededIfMatch = z.object({
  'if-match': IfMatch.shape['if-match'].meta({ ...IfMatch.shape['if-match'].meta(), isAlwaysNeeded: true }),
})

/** The caller's own name for what it asks, so that asking twice does it once. */
export const IdempotencyKey = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'The same key and body within 7 days are the same request.' }),
})

/** The revision that a header names; undefined when there is none. Throws `request.invalid` for anything else. */
export function readRevision(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined
  const [, digits] = /^(?:W\/)?"(\d{1,15})"$/.exec(ifMatch.trim()) ?? []
  if (digits !== undefined) return Number(digits)
  const problem = { path: 'If-Match', message: 'must be the ETag of the draft that was edited, such as "7"' }
  throw invalidRequest([problem])
}

/** As `readRevision`, for what cannot be done without. Throws `request.precondition_required`. */
export function requireRevision(ifMatch: string | undefined): number {
  const revision = readRevision(ifMatch)
  if (revision === undefined) throw appError('request.precondition_required')
  return revision
}

/** A draft's revision as an `ETag`. */
export function etagOf({ revision }: { revision: number }): string {
  return `"${revision}"`
}
