import { z } from 'zod'
import { Json } from './json.ts'

/**
 * Whether the other side may have got what a call sent: `no` where the request cannot have gone out whole, `answered` where
 * a whole answer came and is what is wrong, `unknown` for all else: it may have happened.
 */
export const Sent = z.enum(['no', 'answered', 'unknown']).meta({ id: 'Sent' })
export type Sent = z.infer<typeof Sent>

/** What every failure says. */
const words = {
  code: z.string(),
  message: z.string(),
  /** Absent in failures that are not of a call, and in those of earlier releases. */
  sent: Sent.optional(),
}
const details = Json.optional()
/** Where trying again may help: not before the other side wishes it. */
const again = { ...words, retryAfterMs: z.number().optional(), details }

/**
 * Why a step did not succeed, as data. Failures are stored in the journal and cross RPC, where an Error loses its
 * class; so whatever was thrown becomes one of these once, at the boundary, and nothing later asks for `instanceof`.
 *
 * - `terminal`: the same input will never work (bad request, expression error, refused address)
 * - `retryable`: trying again may help; `retryAfterMs` is the other side's wish (`Retry-After`)
 * - `timedOut`: the attempt, the step or the execution ran out of time; what it called may have happened
 * - `unknown`: no whole answer came, because the connection broke, the process died in mid-call or the call was cancelled;
 *   what it called may have happened. Trying again may help
 */
export const Failure = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('terminal'), ...words, details }),
    z.strictObject({ kind: z.literal('retryable'), ...again }),
    z.strictObject({ kind: z.literal('timedOut'), ...words, timeoutMs: z.number() }),
    z.strictObject({ kind: z.literal('unknown'), ...again }),
  ])
  .meta({ id: 'Failure', description: 'Why a step or an execution did not succeed.' })
export type Failure = z.infer<typeof Failure>
